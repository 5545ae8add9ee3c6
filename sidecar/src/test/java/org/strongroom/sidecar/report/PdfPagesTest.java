package org.strongroom.sidecar.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PdfPagesTest {
    private static String text(String cell, int rows) throws IOException {
        List<List<String>> table = new ArrayList<>(Collections.nCopies(rows, List.of(cell, "", "end")));
        Document document = new Document(
                "x",
                "Title",
                Map.of("fact", cell),
                List.of(new Document.Section("s", "Section", cell, List.of("what", "empty", "last"), table)));
        try (PDDocument pdf = Loader.loadPDF(PdfPages.of(document))) {
            return new PDFTextStripper().getText(pdf) + "\npages " + pdf.getNumberOfPages();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u00a0b\u00adc", "\u0141\u4e2d\u0007\u0085\u00ff", "", "   ", "\ud83d\ude00"})
    void everyTextIsDrawn(String cell) throws IOException {
        assertThat(text(cell, 2)).contains("Title", "Section", "end", "pages 1");
    }

    @Test
    void longWordsAreCutAndLongTablesTurnThePage() throws IOException {
        String drawn = text("x".repeat(5000), 3);
        assertThat(drawn.replaceAll("[^x]", "")).hasSizeGreaterThanOrEqualTo(5 * 5000);
        assertThat(text("short", 200)).contains("pages 4").doesNotContain("pages 5");
    }
}
