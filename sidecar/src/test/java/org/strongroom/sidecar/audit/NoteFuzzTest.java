package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.fuzz.Fuzz;

/** What a tier gives as a checkpoint of the audit log: it is what was signed, or it is refused. */
class NoteFuzzTest {
    /** The example of C2SP signed-note. */
    private static final String KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private static final String TEXT = "This is an example message.\n";
    private static final String NOTE = TEXT + "\n\u2014 example.com/foo"
            + " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    /** The example of tlog-cosignature. */
    private static final String CHECKPOINT =
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
                    + "\u2014 example.com/behind-the-sofa"
                    + " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

    @Test
    void signedNote() throws Exception {
        NoteKey key = NoteKey.parse(KEY);
        Fuzz.of("signed-note")
                .refuses(FailureKind.CORRUPT)
                .words(
                        "\n",
                        "\n\n",
                        "\u2014 ",
                        "\u2014 example.com/foo ",
                        "Uw2QOg==",
                        "AAAA",
                        "=",
                        "0",
                        "99999999999999999999")
                .drawn("message", NOTE.getBytes(StandardCharsets.UTF_8))
                .drawn("checkpoint", CHECKPOINT.getBytes(StandardCharsets.UTF_8))
                .run(input -> {
                    checkpoint(input);
                    assertThat(SignedNote.open(input, key)).isEqualTo(TEXT);
                });
    }

    private static void checkpoint(byte[] input) {
        try {
            String text = SignedNote.text(input);
            assertThat(Checkpoint.parse(text).text()).isEqualTo(text);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        }
    }
}
