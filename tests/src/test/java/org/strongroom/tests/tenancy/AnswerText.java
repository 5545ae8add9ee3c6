package org.strongroom.tests.tenancy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What an answer says. */
final class AnswerText {
    private AnswerText() {}

    /** Headers and body; of a ZIP archive what is in it as well. */
    static String text(HttpResponse<byte[]> answer) {
        StringBuilder text = new StringBuilder(answer.headers().toString())
                .append(new String(answer.body(), StandardCharsets.ISO_8859_1));
        if (!isZip(answer.body())) {
            return text.toString();
        }
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                text.append(entry.getName()).append(new String(zip.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static boolean isZip(byte[] body) {
        return body.length > 2 && body[0] == 'P' && body[1] == 'K';
    }
}
