package org.strongroom.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of RFC 4231, cases 1, 2 and 6 (a key longer than a block). */
class HmacSha256Test {
    @ParameterizedTest
    @CsvSource({
        "0b, 20, Hi There, b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "4a656665, 1, what do ya want for nothing?, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "aa, 131, Test Using Larger Than Block-Size Key - Hash Key First,"
                + " 60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    })
    void vectors(String key, int times, String message, String expected) {
        byte[] made =
                HmacSha256.of(HexFormat.of().parseHex(key.repeat(times)), message.getBytes(StandardCharsets.US_ASCII));
        assertThat(HexFormat.of().formatHex(made)).isEqualTo(expected);
    }
}
