package org.strongroom.tests.bench;

import java.util.Locale;

/** One drawing, as the text of an SVG element for an HTML page. Lengths are in pixels; not thread-safe. */
final class Svg {
    private final StringBuilder shapes = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /** Where a text stands beside its place. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    void bar(double x, double y, double width, double height, String colour) {
        shape("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, colour);
    }

    void dot(double x, double y, String colour) {
        shape("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x, y, colour);
    }

    void line(double x1, double y1, double x2, double y2, String colour) {
        shape(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>",
                x1, y1, x2, y2, colour);
    }

    /** Between which values something lies: an I. */
    void whisker(double x, double top, double bottom, String colour) {
        line(x, top, x, bottom, colour);
        line(x - 3, top, x + 3, top, colour);
        line(x - 3, bottom, x + 3, bottom, colour);
    }

    void text(double x, double y, Anchor anchor, String text) {
        shape(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x, y, anchor.name().toLowerCase(Locale.ROOT), escape(text));
    }

    private void shape(String format, Object... values) {
        shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** The element; its title is what a screen reader says. */
    String element(String title) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" + width + "\" height=\"" + height
                + "\" viewBox=\"0 0 " + width + " " + height + "\">\n<title>" + escape(title) + "</title>\n" + shapes
                + "</svg>\n";
    }

    /** As it may stand in an element or in an attribute in double quotes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
