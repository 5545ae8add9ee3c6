package org.strongroom.core.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that Orthanc gives its resources, and by which it tells whether it has one already: the SHA-1 of the identifiers
 * from the patient down, in five groups. Orthanc reads a PatientID, and what should be a UID, in the file's character set, or in its
 * own default one, and hashes them in UTF-8. So what is not ASCII has a name for each character set that Orthanc knows (its {@code
 * GetDicomEncoding}); that two studies or instances share one of them is no more likely than that they share an ASCII one.
 * And what has an odd length has one more, with its padding.
 */
public final class OrthancId {
    private static final List<Charset> CHARSETS = Stream.of(
                    "ISO-8859-1",
                    "UTF-8",
                    "ISO-8859-2",
                    "ISO-8859-3",
                    "ISO-8859-4",
                    "ISO-8859-5",
                    "ISO-8859-6",
                    "ISO-8859-7",
                    "ISO-8859-8",
                    "ISO-8859-9",
                    "windows-1251",
                    "TIS-620",
                    "Shift_JIS",
                    "GB18030",
                    "EUC-KR",
                    "ISO-2022-JP")
            .filter(Charset::isSupported)
            .map(Charset::forName)
            .toList();
    /** What a charset has no character for, Orthanc leaves out. */
    private static final String UNREADABLE = "\uFFFD";

    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7F]");
    /** Of ISO 2022, with which a value goes from one character set to another. */
    private static final Pattern ESCAPE = Pattern.compile("\\x1B[\\x20-\\x2F]+[\\x30-\\x7E]");

    /** Of an odd length. Orthanc leaves it where a converter has written the PatientID as of unknown VR. */
    private static final String PADDING = " ";

    private static final int GROUP = 8;

    private OrthancId() {}

    /** What Orthanc may call a patient; one name if its identifiers are ASCII and the PatientID has an even length. */
    public static Set<String> ofPatient(byte[] patientId) {
        return of(patientId);
    }

    /** What Orthanc may call a study; one name if its identifiers are ASCII and the PatientID has an even length. */
    public static Set<String> ofStudy(byte[] patientId, byte[] studyInstanceUid) {
        return of(patientId, studyInstanceUid);
    }

    /** What Orthanc may call a series; one name if its identifiers are ASCII and the PatientID has an even length. */
    public static Set<String> ofSeries(Identity identity) {
        return of(identity.patientId(), identity.studyInstanceUid(), identity.seriesInstanceUid());
    }

    /** What Orthanc may call an instance; one name if its identifiers are ASCII and the PatientID has an even length. */
    public static Set<String> ofInstance(DicomHeader dicom) {
        return of(dicom.patientId(), dicom.studyInstanceUid(), dicom.seriesInstanceUid(), dicom.sopInstanceUid());
    }

    private static Set<String> of(byte[] patientId, byte[]... uids) {
        Set<String> names = new LinkedHashSet<>();
        if (Stream.concat(Stream.of(patientId), Stream.of(uids)).allMatch(OrthancId::isPlain)) {
            String patient = text(patientId, StandardCharsets.US_ASCII);
            addNames(names, patient, below(StandardCharsets.US_ASCII, uids));
            return names;
        }
        for (Charset charset : CHARSETS) {
            String patient = text(patientId, charset);
            String below = below(charset, uids);
            names.add(name(patient + below));
            names.add(name(ESCAPE.matcher(patient + below).replaceAll("")));
        }
        String patient = text(patientId, StandardCharsets.ISO_8859_1);
        String below = below(StandardCharsets.ISO_8859_1, uids);
        names.add(name(NOT_ASCII.matcher(patient + below).replaceAll("")));
        addNames(names, patient, below);
        return names;
    }

    private static void addNames(Set<String> names, String patient, String below) {
        names.add(name(patient + below));
        if (patient.length() % 2 != 0) {
            names.add(name(patient + PADDING + below));
        }
    }

    /** Whether it reads the same in every character set: nearly every identifier there is. Not so backslash and tilde. */
    private static boolean isPlain(byte[] value) {
        for (byte each : value) {
            if (each != 0 && (each < ' ' || each > '}' || each == '\\')) {
                return false;
            }
        }
        return true;
    }

    private static String below(Charset charset, byte[]... uids) {
        return Stream.of(uids).map(uid -> "|" + text(uid, charset)).collect(Collectors.joining());
    }

    private static String name(String identifiers) {
        String hex = HexFormat.of().formatHex(sha1(identifiers.getBytes(StandardCharsets.UTF_8)));
        StringBuilder id = new StringBuilder();
        for (int at = 0; at < hex.length(); at += GROUP) {
            id.append(at == 0 ? "" : "-").append(hex, at, at + GROUP);
        }
        return id.toString();
    }

    /** Padding with spaces and zeros does not count. */
    private static String text(byte[] value, Charset charset) {
        return new String(value, charset)
                .replace(UNREADABLE, "")
                .replace('\0', ' ')
                .trim();
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
