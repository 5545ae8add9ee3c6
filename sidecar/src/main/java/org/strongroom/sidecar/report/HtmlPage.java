package org.strongroom.sidecar.report;

import java.util.List;

/** A document as one page of HTML to read and to print: needs nothing from anywhere, runs nothing. Stateless. */
public final class HtmlPage {
    private static final String STYLE =
            """
            body { font: 10pt/1.4 sans-serif; margin: 2em; color: #111; }
            h1 { font-size: 16pt; } h2 { font-size: 12pt; margin: 1.6em 0 0.2em; }
            p { margin: 0.2em 0 0.6em; max-width: 60em; color: #444; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; vertical-align: top; border-bottom: 1px solid #bbb; padding: 0.25em 0.6em 0.25em 0; overflow-wrap: anywhere; }
            thead { display: table-header-group; } tr { break-inside: avoid; }
            dl { display: grid; grid-template-columns: max-content auto; gap: 0.1em 1.2em; } dt { color: #444; } dd { margin: 0; }
            @media print { body { margin: 0; } }
            """;

    private HtmlPage() {}

    public static String of(Document document) {
        StringBuilder page = new StringBuilder(
                        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'\">\n")
                .append("<title>")
                .append(escaped(document.title()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(escaped(document.title()))
                .append("</h1>\n<dl>\n");
        document.facts().forEach((fact, value) -> page.append("<dt>")
                .append(escaped(Document.words(fact)))
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd>\n"));
        page.append("</dl>\n");
        document.sections().forEach(section -> add(page, section));
        return page.append("</body>\n</html>\n").toString();
    }

    private static void add(StringBuilder page, Document.Section section) {
        page.append("<h2>").append(escaped(section.title())).append("</h2>\n");
        if (!section.note().isEmpty()) {
            page.append("<p>").append(escaped(section.note())).append("</p>\n");
        }
        if (section.rows().isEmpty()) {
            page.append("<p>None.</p>\n");
            return;
        }
        page.append("<table>\n<thead>");
        row(page, "th", section.columns().stream().map(Document::words).toList());
        page.append("</thead>\n<tbody>\n");
        section.rows().forEach(cells -> row(page, "td", cells));
        page.append("</tbody>\n</table>\n");
    }

    private static void row(StringBuilder page, String tag, List<String> cells) {
        page.append("<tr>");
        for (String cell : cells) {
            page.append('<')
                    .append(tag)
                    .append('>')
                    .append(escaped(cell))
                    .append("</")
                    .append(tag)
                    .append('>');
        }
        page.append("</tr>\n");
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(letter);
            }
        }
        return escaped.toString();
    }
}
