package org.strongroom.plugin.kit;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/**
 * One share on one page of A4, for a person who has never heard of any of this: what it is, what to do with it, its words and the
 * same as a code that a phone reads. Used by one thread.
 */
public final class Sheet {
    private static final float LEFT = 56;
    private static final float TOP = 790;
    private static final float CODE = 170;
    private static final int WORDS_IN_LINE = 4;
    private static final int WIDTH = 92;

    private final PDFont text = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
    private final PDFont bold = new PDType1Font(Standard14Fonts.FontName.HELVETICA_BOLD);
    private final PDFont fixed = new PDType1Font(Standard14Fonts.FontName.COURIER);
    private final PDPageContentStream page;
    private float y = TOP;

    static {
        PdfBoxLog.onlyErrors();
    }

    private Sheet(PDPageContentStream page) {
        this.page = page;
    }

    /** The page, as PDF. */
    public static byte[] of(Share share, SheetText about) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                new Sheet(content).draw(share, about);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        }
    }

    private void draw(Share share, SheetText about) throws IOException {
        line(bold, 18, "Strongroom recovery kit");
        line(bold, 13, "Share " + share.number() + " of " + about.shares() + ", kit " + share.kitName());
        gap();
        for (String paragraph : about.paragraphs(share)) {
            for (String line : SheetText.wrap(paragraph, WIDTH)) {
                line(text, 10, line);
            }
            gap();
        }
        line(text, 8, ShareFile.BEGIN);
        List<String> words = share.words();
        for (int i = 0; i < words.size(); i += WORDS_IN_LINE) {
            StringBuilder line = new StringBuilder();
            for (int j = i; j < Math.min(words.size(), i + WORDS_IN_LINE); j++) {
                line.append(String.format(Locale.ROOT, "%2d %-10s", j + 1, words.get(j)));
            }
            line(fixed, 13, line.toString().stripTrailing());
        }
        line(text, 8, ShareFile.END);
        gap();
        code(String.join(" ", words).toUpperCase(Locale.ROOT));
    }

    private void line(PDFont font, float size, String line) throws IOException {
        y -= size * 1.35f;
        page.beginText();
        page.setFont(font, size);
        page.newLineAtOffset(LEFT, y);
        page.showText(latin(line));
        page.endText();
    }

    private void gap() {
        y -= 7;
    }

    /** The fonts that every reader has know no other letters. */
    private static String latin(String line) {
        byte[] known = line.getBytes(StandardCharsets.ISO_8859_1);
        return new String(known, StandardCharsets.ISO_8859_1).replaceAll("\\p{Cntrl}", " ");
    }

    private void code(String content) throws IOException {
        BitMatrix code;
        try {
            code = new QRCodeWriter()
                    .encode(
                            content,
                            BarcodeFormat.QR_CODE,
                            0,
                            0,
                            Map.of(EncodeHintType.ERROR_CORRECTION, ErrorCorrectionLevel.Q, EncodeHintType.MARGIN, 0));
        } catch (WriterException e) {
            throw new IllegalStateException("the words of a share fit into a code", e);
        }
        float module = CODE / code.getWidth();
        y -= CODE;
        for (int row = 0; row < code.getHeight(); row++) {
            for (int column = 0; column < code.getWidth(); column++) {
                if (code.get(column, row)) {
                    page.addRect(LEFT + column * module, y + CODE - (row + 1) * module, module, module);
                }
            }
        }
        page.fill();
    }
}
