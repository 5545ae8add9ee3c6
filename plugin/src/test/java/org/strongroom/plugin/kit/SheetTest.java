package org.strongroom.plugin.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.secret.Key32;

class SheetTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SheetText ABOUT = new SheetText(
            UUID.randomUUID(),
            List.of(
                    "tier offsite: the folder /mnt/Übersee/映像",
                    "tier cloud: bucket clinic-archive at https://s3.example.org"),
            5,
            LocalDate.of(2026, 11, 26));

    @TempDir
    private Path folder;

    private static Share share() {
        return RecoveryKit.split(Key32.random(RANDOM), 7, 3, 5, RANDOM).get(1);
    }

    @Test
    void aSheetIsReadBackFromItsFile() throws IOException {
        Share share = share();
        Path file = Files.write(folder.resolve("share.pdf"), Sheet.of(share, ABOUT));
        assertThat(ShareFile.read(file)).isEqualTo(share);
    }

    @Test
    void thePageSaysWhatItIsAndHowManyAreNeeded() throws IOException {
        Share share = share();
        try (PDDocument document = Loader.loadPDF(Sheet.of(share, ABOUT))) {
            assertThat(document.getNumberOfPages()).isEqualTo(1);
            assertThat(new PDFTextStripper().getText(document).replaceAll("\\s+", " "))
                    .contains("Share 2 of 5, kit " + share.kitName())
                    .contains("any 3 of these 5 sheets")
                    .contains(ABOUT.installation().toString())
                    .contains("bucket clinic-archive at https://s3.example.org")
                    .contains("/mnt/Übersee/??");
        }
    }

    @Test
    void whatIsLongerThanALineGoesOnInTheNextOne() {
        String prefix = "s3://archive/" + "0123456789".repeat(12);
        List<String> lines = SheetText.wrap("Ciphertext: far, " + prefix + " at AWS", 40);
        assertThat(lines).allMatch(line -> line.length() <= 40);
        assertThat(String.join("", lines)).contains(prefix);
        assertThat(SheetText.wrap("one two", 3)).containsExactly("one", "two");
    }

    /** As a phone sees it: the printed page, not the file. */
    @Test
    void theCodeOnThePaperHoldsTheWords() throws Exception {
        Share share = share();
        try (PDDocument document = Loader.loadPDF(Sheet.of(share, ABOUT))) {
            BufferedImage page = new PDFRenderer(document).renderImageWithDPI(0, 300);
            int[] pixels = page.getRGB(0, 0, page.getWidth(), page.getHeight(), null, 0, page.getWidth());
            String read = new QRCodeReader()
                    .decode(
                            new BinaryBitmap(new HybridBinarizer(
                                    new RGBLuminanceSource(page.getWidth(), page.getHeight(), pixels))),
                            Map.of(DecodeHintType.TRY_HARDER, true))
                    .getText();
            Path file = Files.writeString(folder.resolve("scanned.txt"), read);
            assertThat(ShareFile.read(file)).isEqualTo(share);
        }
    }

    @Test
    void typedWordsAreReadHoweverTheyAreSetOut() throws IOException {
        Share share = share();
        StringBuilder typed = new StringBuilder("from the safe, typed by the owner\r\nbegin share\r\n");
        for (int i = 0; i < Share.WORDS; i++) {
            String word = share.words().get(i);
            typed.append(i + 1)
                    .append(". ")
                    .append(i % 2 == 0 ? word : word.toUpperCase(Locale.ROOT))
                    .append(i % 5 == 0 ? "\r\n" : ", ");
        }
        Path file = Files.writeString(folder.resolve("typed.txt"), typed + "END SHARE\nthanks");
        assertThat(ShareFile.read(file)).isEqualTo(share);
    }

    @Test
    void whatIsNoShareIsSaidToBeNone() throws IOException {
        for (String content : List.of("", "%PDF-1.7\nnonsense", "1 2 3")) {
            Path file = Files.write(folder.resolve("odd"), content.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> ShareFile.read(file))
                    .hasMessageContaining("no sheet")
                    .hasMessageContaining("odd");
        }
        assertThatThrownBy(() -> ShareFile.read(folder.resolve("none"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> ShareFile.read(folder))
                .hasMessageContaining("a folder is no share")
                .hasMessageContaining(folder.toString());
    }
}
