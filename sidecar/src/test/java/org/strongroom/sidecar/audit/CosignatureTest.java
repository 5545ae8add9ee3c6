package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.WitnessKey;

/** The bytes of C2SP signed-note and tlog-cosignature, by their own examples and by OpenSSL. */
class CosignatureTest {
    private static final String TEXT =
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    /** The example of tlog-cosignature; the public key is not told there. */
    private static final String PUBLISHED = TEXT + "\n"
            + "\u2014 example.com/behind-the-sofa"
            + " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
            + "\u2014 witness.example.com/w1"
            + " jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    /** The first key of RFC 8032 §7.1, with which OpenSSL signed. */
    private static final String KEY = "witness.example/w1+eb762cc2+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";

    private static final String LINE = "\u2014 witness.example/w1"
            + " 63YswgAAAABkGFDL+TPmh4BYuAjsYRoqMJCWb/gWJaeRF/kmm5tlCr9sJ57DLErur7K0yDXc2ArN+TIuotuB/HbuL3AJsp3bv/aNCQ==\n";
    private static final Instant TIME = Instant.ofEpochSecond(1679315147);

    @Test
    void theExampleOfSignedNoteVerifies() {
        NoteKey key = NoteKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        byte[] note = utf8("This is an example message.\n\n\u2014 example.com/foo"
                + " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");
        assertThat(SignedNote.open(note, key)).isEqualTo("This is an example message.\n");
    }

    @Test
    void theMessageIsThatOfTheExample() {
        assertThat(new String(Cosignature.message(1679315147, TEXT), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        cosignature/v1
                        time 1679315147
                        example.com/behind-the-sofa
                        20852163
                        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
                        """);
        byte[] line = Base64.getDecoder()
                .decode(PUBLISHED.strip().substring(PUBLISHED.strip().lastIndexOf(' ') + 1));
        byte[] signature = Arrays.copyOfRange(line, 12, line.length);
        assertThat(Cosignature.of(1679315147, signature))
                .as("four bytes of the key's id, eight of the time, the signature")
                .isEqualTo(Arrays.copyOfRange(line, 4, line.length));
    }

    @Test
    void whatOpenSslSignedIsACosignature() {
        NoteKey key = NoteKey.parseWitness(KEY);
        assertThat(key.encode()).isEqualTo(KEY);
        assertThat(WitnessKey.parse(KEY + "\n").text()).isEqualTo(KEY);
        assertThat(Cosignature.time(utf8(PUBLISHED + LINE), key)).contains(TIME);
        assertThat(Cosigned.open(utf8(TEXT + "\n" + LINE), key).checkpoint().size())
                .isEqualTo(20852163);
        assertThat(Cosignature.time(utf8(PUBLISHED), key)).as("by others only").isEmpty();
        byte[] own = utf8(TEXT + "\n" + SignedNote.line(key, Cosignature.of(1679315147, signatureOf(LINE))));
        assertThat(new String(own, StandardCharsets.UTF_8)).isEqualTo(TEXT + "\n" + LINE);
    }

    private static byte[] signatureOf(String line) {
        byte[] all =
                Base64.getDecoder().decode(line.strip().substring(line.strip().lastIndexOf(' ') + 1));
        return Arrays.copyOfRange(all, 12, all.length);
    }

    /** Another time, another text, another signature: each byte counts. */
    @Test
    void oneBitElsewhereIsNone() {
        NoteKey key = NoteKey.parseWitness(KEY);
        byte[] line =
                Base64.getDecoder().decode(LINE.strip().substring(LINE.strip().lastIndexOf(' ') + 1));
        for (int at = 4; at < line.length; at++) {
            byte[] changed = line.clone();
            changed[at] ^= 1;
            byte[] note = utf8(
                    TEXT + "\n\u2014 witness.example/w1 " + Base64.getEncoder().encodeToString(changed) + "\n");
            assertThatThrownBy(() -> Cosignature.time(note, key))
                    .as("byte " + at)
                    .isInstanceOf(StrongroomException.class);
        }
        assertThatThrownBy(() -> Cosignature.time(utf8(TEXT.replace("20852163", "20852164") + "\n" + LINE), key))
                .isInstanceOf(StrongroomException.class);
    }

    @Test
    void aLogsKeyIsNoWitnesssKey() {
        String log = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        assertThatThrownBy(() -> NoteKey.parse(KEY)).isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> NoteKey.parseWitness(log)).isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> WitnessKey.parse(log)).hasMessageContaining("not the key of a witness");
        assertThatThrownBy(() -> WitnessKey.parse(KEY.replace("eb762cc2", "eb762cc3")))
                .hasMessageContaining("do not belong together");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
