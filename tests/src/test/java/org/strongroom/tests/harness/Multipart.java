package org.strongroom.tests.harness;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a multipart/related answer (RFC 2387), as DICOMweb gives them. */
public final class Multipart {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");

    private Multipart() {}

    /** All instances of a study through WADO-RS, as they are stored. */
    public static List<byte[]> study(OrthancProcess orthanc, String study) {
        String stored = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
        return parts(orthanc.rest().send("GET", "/dicom-web/studies/" + study, null, "Accept", stored));
    }

    public static List<byte[]> parts(HttpResponse<byte[]> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        Matcher boundary = BOUNDARY.matcher(type);
        if (answer.statusCode() != 200 || !boundary.find()) {
            throw new AssertionError("no multipart answer: " + answer.statusCode() + " " + type);
        }
        // Latin 1 keeps every byte, so that positions in the text are positions in the bytes.
        String body = new String(answer.body(), StandardCharsets.ISO_8859_1);
        String delimiter = "--" + boundary.group(1);
        List<byte[]> parts = new ArrayList<>();
        int start = body.indexOf(delimiter);
        while (start >= 0) {
            int content = body.indexOf("\r\n\r\n", start);
            int next = body.indexOf("\r\n" + delimiter, start + delimiter.length());
            if (next < 0 || content < 0) {
                break;
            }
            parts.add(body.substring(content + 4, next).getBytes(StandardCharsets.ISO_8859_1));
            start = next + 2;
        }
        return parts;
    }
}
