package org.strongroom.core.dicom;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that Orthanc gives its resources, and by which it tells whether it has one already: the SHA-1 of the identifiers
 * from the patient down, in five groups. Of a PatientID that is not ASCII another name may come out.
 */
public final class OrthancId {
    private static final int GROUP = 8;

    private OrthancId() {}

    public static String ofStudy(byte[] patientId, byte[] studyInstanceUid) {
        return of(patientId, studyInstanceUid);
    }

    public static String ofInstance(DicomHeader dicom) {
        return of(dicom.patientId(), dicom.studyInstanceUid(), dicom.seriesInstanceUid(), dicom.sopInstanceUid());
    }

    private static String of(byte[]... identifiers) {
        String all = Stream.of(identifiers).map(OrthancId::text).collect(Collectors.joining("|"));
        String hex = HexFormat.of().formatHex(sha1(all.getBytes(StandardCharsets.UTF_8)));
        StringBuilder id = new StringBuilder();
        for (int at = 0; at < hex.length(); at += GROUP) {
            id.append(at == 0 ? "" : "-").append(hex, at, at + GROUP);
        }
        return id.toString();
    }

    /** Padding with spaces and zeros does not count. */
    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
