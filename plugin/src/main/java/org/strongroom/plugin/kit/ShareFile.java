package org.strongroom.plugin.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * A share from a file: a sheet as it was printed (PDF), or text with its words, as typed or as a phone read the code. What is
 * outside the marks {@link #BEGIN} and {@link #END} does not matter, where there are any. Stateless.
 */
public final class ShareFile {
    static final String BEGIN = "BEGIN SHARE";
    static final String END = "END SHARE";

    private static final int LARGEST = 4 << 20;
    private static final byte[] PDF = "%PDF".getBytes(StandardCharsets.US_ASCII);

    static {
        PdfBoxLog.onlyErrors();
    }

    private ShareFile() {}

    /**
     * Reads it.
     *
     * @throws StrongroomException REFUSED if it is no share, with the file and what is wrong with it
     */
    public static Share read(Path file) throws IOException {
        byte[] bytes;
        try {
            if (Files.size(file) > LARGEST) {
                throw notOne(file);
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw StrongroomException.of(FailureKind.REFUSED, "there is no such file")
                    .with("share", file)
                    .cure("Name the file of a share")
                    .causedBy(e);
        } catch (IOException e) { // where it is nobody's Home
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            Files.isDirectory(file) ? "a folder is no share" : "the file of a share cannot be read")
                    .with("share", file)
                    .cure(
                            Files.isDirectory(file)
                                    ? "Name the files in it"
                                    : "Let the user that runs this read it, or copy it from where it lies")
                    .causedBy(e);
        }
        List<String> words = words(text(file, bytes));
        if (words.isEmpty()) {
            throw notOne(file);
        }
        return Share.parse(words, file.toString());
    }

    private static String text(Path file, byte[] bytes) {
        boolean pdf = Arrays.equals(bytes, 0, Math.min(bytes.length, PDF.length), PDF, 0, PDF.length);
        if (!pdf) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        try (PDDocument document = Loader.loadPDF(bytes)) {
            return new PDFTextStripper().getText(document);
        } catch (IOException e) {
            throw notOne(file).causedBy(e);
        }
    }

    /** Numbers and punctuation between the words are the sheet's, or the typist's. */
    private static List<String> words(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        int begin = upper.indexOf(BEGIN);
        int end = upper.indexOf(END, Math.max(begin, 0));
        String inside = begin >= 0 && end > begin ? upper.substring(begin + BEGIN.length(), end) : upper;
        return Arrays.stream(inside.split("[^\\p{L}]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static StrongroomException notOne(Path file) {
        return StrongroomException.of(FailureKind.REFUSED, "the file is no sheet and holds no words of a share")
                .with("share", file)
                .cure("Name the sheets, or text files with the words of one share each");
    }
}
