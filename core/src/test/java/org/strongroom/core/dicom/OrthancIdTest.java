package org.strongroom.core.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.io.ByteSource;

class OrthancIdTest {
    private static final byte[] STUDY = "2.25.4711\0".getBytes(StandardCharsets.US_ASCII);

    private static String sha1(String text) throws Exception {
        String hex = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        return hex.replaceAll("(.{8})(?=.)", "$1-");
    }

    @Test
    void an_ascii_patient_has_one_name() throws Exception {
        assertThat(OrthancId.ofStudy("PID 77 ".getBytes(StandardCharsets.US_ASCII), STUDY))
                .containsExactly(sha1("PID 77|2.25.4711"));
    }

    @Test
    void one_of_an_odd_length_has_another_with_padding_for_images_that_were_converted() throws Exception {
        assertThat(OrthancId.ofStudy("PID 7 ".getBytes(StandardCharsets.US_ASCII), STUDY))
                .containsExactly(sha1("PID 7|2.25.4711"), sha1("PID 7 |2.25.4711"));
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, Grün-7",
        "UTF-8, Grün-7",
        "ISO-8859-2, Łódź",
        "ISO-8859-5, Иванов",
        "ISO-8859-7, Ελλάς",
        "Shift_JIS, ﾔﾏﾀﾞ",
        "GB18030, 王小明"
    })
    void another_is_read_in_every_character_set_and_hashed_in_utf_8(String charset, String patient) throws Exception {
        assertThat(OrthancId.ofStudy(patient.getBytes(Charset.forName(charset)), STUDY))
                .contains(sha1(patient + "|2.25.4711"));
    }

    @Test
    void what_a_character_set_does_not_have_is_left_out() throws Exception {
        assertThat(OrthancId.ofStudy(new byte[] {'G', 'r', (byte) 0xFC, 'n'}, STUDY))
                .contains(sha1("Grn|2.25.4711"));
    }

    @Test
    void a_damaged_uid_is_read_as_the_patient_is() throws Exception {
        byte[] patient = "PID 7".getBytes(StandardCharsets.US_ASCII);
        byte[] study = {'2', '.', '2', '5', '.', (byte) 0xB3, '7'};
        assertThat(OrthancId.ofStudy(patient, study))
                .contains(sha1("PID 7|2.25.\u00B37"), sha1("PID 7|2.25.\u01427"), sha1("PID 7|2.25.7"));
    }

    @Test
    void an_instance_is_named_by_all_four() throws IOException {
        DicomHeader dicom = DicomHeader.read(
                        ByteSource.of(SyntheticDicom.ct().patient("Gr\u00FCn").toBytes()))
                .orElseThrow();
        assertThat(OrthancId.ofInstance(dicom))
                .hasSizeGreaterThan(2)
                .doesNotContainAnyElementsOf(OrthancId.ofStudy(dicom.patientId(), dicom.studyInstanceUid()));
    }
}
