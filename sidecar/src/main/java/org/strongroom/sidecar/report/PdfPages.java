package org.strongroom.sidecar.report;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.slf4j.LoggerFactory;

/**
 * A document as PDF, on pages of A4. It has letters of Latin-1 only, which every reader has; others are a question mark, and right in
 * {@link HtmlPage}. For one thread.
 */
public final class PdfPages {
    private static final float MARGIN = 50;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
    private static final float SIZE = 8.5f;
    private static final float LINE = SIZE * 1.35f;
    private static final float BETWEEN = 8;

    static {
        // It tells every time that it measures Helvetica by a look-alike.
        if (LoggerFactory.getLogger("org.apache.pdfbox") instanceof Logger log) {
            log.setLevel(Level.ERROR);
        }
    }

    private final PDFont text = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
    private final PDFont bold = new PDType1Font(Standard14Fonts.FontName.HELVETICA_BOLD);
    private final PDDocument pdf;
    private final String footer;
    private PDPageContentStream page;
    private float y;

    private PdfPages(PDDocument pdf, String footer) {
        this.pdf = pdf;
        this.footer = footer;
    }

    public static byte[] of(Document document) throws IOException {
        try (PDDocument pdf = new PDDocument()) {
            pdf.getDocumentInformation().setTitle(document.title());
            PdfPages pages = new PdfPages(pdf, document.title());
            pages.turn();
            try {
                pages.draw(document);
            } finally {
                pages.page.close();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            pdf.save(out);
            return out.toByteArray();
        }
    }

    private void draw(Document document) throws IOException {
        row(bold, 16, List.of(document.title()), List.of(WIDTH));
        y -= BETWEEN;
        List<Float> facts = List.of(WIDTH * 0.3f, WIDTH * 0.7f);
        for (Map.Entry<String, String> fact : document.facts().entrySet()) {
            row(text, SIZE, List.of(Document.words(fact.getKey()), fact.getValue()), facts);
        }
        for (Document.Section section : document.sections()) {
            draw(section);
        }
    }

    private void draw(Document.Section section) throws IOException {
        y -= 2 * BETWEEN;
        need(6 * LINE); // a title is not alone at the end of a page
        row(bold, 11, List.of(section.title()), List.of(WIDTH));
        if (!section.note().isEmpty()) {
            row(text, SIZE, List.of(section.note()), List.of(WIDTH));
        }
        if (section.rows().isEmpty()) {
            row(text, SIZE, List.of("None."), List.of(WIDTH));
            return;
        }
        List<Float> widths = widths(section);
        row(bold, SIZE, section.columns().stream().map(Document::words).toList(), widths);
        for (List<String> cells : section.rows()) {
            row(text, SIZE, cells, widths);
        }
    }

    /** Columns that need little have what they need; the others share what is left. */
    private List<Float> widths(Document.Section section) throws IOException {
        float[] needs = new float[section.columns().size()];
        for (int column = 0; column < needs.length; column++) {
            needs[column] = width(bold, Document.words(section.columns().get(column)));
            for (List<String> row : section.rows()) {
                needs[column] = Math.max(needs[column], width(text, row.get(column)));
            }
        }
        Float[] widths = new Float[needs.length];
        float left = WIDTH;
        int open = needs.length;
        for (boolean more = true; more; ) {
            more = false;
            for (int column = 0; column < needs.length; column++) {
                if (widths[column] == null && needs[column] <= left / open) {
                    widths[column] = needs[column];
                    left -= needs[column];
                    open--;
                    more = open > 0;
                }
            }
        }
        for (int column = 0; column < needs.length; column++) {
            widths[column] = widths[column] == null ? Float.valueOf(left / open) : widths[column];
        }
        return List.of(widths);
    }

    private static float width(PDFont font, String cell) throws IOException {
        return font.getStringWidth(latin(cell)) / 1000 * SIZE + BETWEEN + 1;
    }

    private void row(PDFont font, float size, List<String> cells, List<Float> widths) throws IOException {
        List<List<String>> lines = new ArrayList<>();
        int most = 1;
        for (int i = 0; i < cells.size(); i++) {
            List<String> wrapped = wrap(font, size, latin(cells.get(i)), widths.get(i) - BETWEEN);
            lines.add(wrapped);
            most = Math.max(most, wrapped.size());
        }
        for (int line = 0; line < most; line++) {
            need(size * 1.35f);
            y -= size * 1.35f;
            float x = MARGIN;
            for (int i = 0; i < lines.size(); i++) {
                if (line < lines.get(i).size()) {
                    show(font, size, x, y, lines.get(i).get(line));
                }
                x += widths.get(i);
            }
        }
    }

    private void show(PDFont font, float size, float x, float at, String line) throws IOException {
        page.beginText();
        page.setFont(font, size);
        page.newLineAtOffset(x, at);
        page.showText(line);
        page.endText();
    }

    /** A new page, if there is no room for that on this one. */
    private void need(float height) throws IOException {
        if (y - height < MARGIN) {
            page.close();
            turn();
        }
    }

    private void turn() throws IOException {
        PDPage next = new PDPage(PDRectangle.A4);
        pdf.addPage(next);
        page = new PDPageContentStream(pdf, next);
        y = PDRectangle.A4.getHeight() - MARGIN;
        show(text, 7, MARGIN, MARGIN / 2, latin(footer + ", page " + pdf.getNumberOfPages()));
    }

    /** At spaces where there are any; a word that is too long anywhere. */
    private static List<String> wrap(PDFont font, float size, String line, float width) throws IOException {
        List<String> wrapped = new ArrayList<>();
        String rest = line;
        while (!rest.isEmpty()) {
            int fits = fitting(font, size, rest, width);
            int space = fits == rest.length() ? fits : rest.lastIndexOf(' ', fits);
            int cut = space > 0 ? space : fits;
            wrapped.add(rest.substring(0, cut));
            rest = rest.substring(cut).strip();
        }
        return wrapped;
    }

    private static int fitting(PDFont font, float size, String line, float width) throws IOException {
        int letters = line.length();
        while (letters > 1 && font.getStringWidth(line.substring(0, letters)) / 1000 * size > width) {
            letters = Math.min(letters - 1, Math.max(1, letters * 9 / 10));
        }
        return letters;
    }

    private static String latin(String line) {
        byte[] known = line.getBytes(StandardCharsets.ISO_8859_1);
        return new String(known, StandardCharsets.ISO_8859_1)
                .replaceAll("[\\p{Cntrl}\\xa0]", " ")
                .replace('\u00ad', '-')
                .replaceAll("[\\x80-\\x9f]", "?");
    }
}
