package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What must not be found in any file of a folder: an image's names, ids and runs of its pixels. Immutable. */
public final class ClearText {
    private final List<byte[]> needles = new ArrayList<>();

    private ClearText() {}

    /** These texts, and three runs of 32 bytes out of each image. */
    public static ClearText of(List<String> texts, byte[]... images) {
        ClearText clear = new ClearText();
        texts.forEach(text -> clear.needles.add(text.getBytes(StandardCharsets.UTF_8)));
        for (byte[] image : images) {
            for (int part = 1; part <= 3; part++) {
                int start = image.length / 4 * part;
                clear.needles.add(Arrays.copyOfRange(image, start, start + 32));
            }
        }
        return clear;
    }

    /** Fails if there is no file, or if one holds a needle or has one in its name. */
    public void assertAbsentFrom(Path folder) {
        List<Path> files = files(folder);
        assertThat(files).as("files in %s", folder).isNotEmpty();
        for (Path file : files) {
            String content = latin1(file) + '\n' + file;
            for (byte[] needle : needles) {
                assertThat(content.contains(new String(needle, StandardCharsets.ISO_8859_1)))
                        .as("%s holds %s in clear", file, new String(needle, StandardCharsets.ISO_8859_1))
                        .isFalse();
            }
        }
    }

    /** Every regular file below a folder, in order of names; what vanishes meanwhile is none. */
    public static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException && !file.equals(folder)) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    private static String latin1(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // it was there for a moment, as the warm-up's are
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
