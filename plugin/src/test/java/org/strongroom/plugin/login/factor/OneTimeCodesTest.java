package org.strongroom.plugin.login.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OneTimeCodesTest {
    private static final String SECRET = Base32.encode("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    /** RFC 6238, appendix B, SHA-1; the last six digits. */
    @ParameterizedTest
    @CsvSource({"59,287082", "1111111109,081804", "1111111111,050471", "1234567890,005924", "2000000000,279037"})
    void areThoseOfTheStandard(long second, String code) {
        Instant now = Instant.ofEpochSecond(second);
        AccountRecord.Factor factor = new AccountRecord.Factor(SECRET, 0);
        assertThat(OneTimeCodes.match(factor, code, now)).hasValue(second / 30);
        assertThat(OneTimeCodes.match(factor, code.substring(0, 3) + " " + code.substring(3), now))
                .hasValue(second / 30);
        assertThat(OneTimeCodes.match(factor, "1" + code, now)).isEmpty();
        assertThat(OneTimeCodes.match(factor, "", now)).isEmpty();
    }

    @Test
    void aCodeIsGoodForAMinuteAndAHalfAndOnce() {
        AccountRecord.Factor factor = new AccountRecord.Factor(SECRET, 0);
        String code = OneTimeCodes.code(SECRET, 1000);
        for (long step = 997; step <= 1003; step++) {
            OptionalLong expected = Math.abs(step - 1000) <= 1 ? OptionalLong.of(1000) : OptionalLong.empty();
            assertThat(OneTimeCodes.match(factor, code, Instant.ofEpochSecond(30 * step + 7)))
                    .isEqualTo(expected);
        }
        Instant now = Instant.ofEpochSecond(30_000);
        assertThat(OneTimeCodes.match(new AccountRecord.Factor(SECRET, 999), code, now))
                .hasValue(1000);
        assertThat(OneTimeCodes.match(new AccountRecord.Factor(SECRET, 1000), code, now))
                .isEmpty();
        assertThat(OneTimeCodes.match(new AccountRecord.Factor(SECRET, 1001), code, now))
                .isEmpty();
    }

    /** RFC 4648, section 10, without padding. */
    @ParameterizedTest
    @CsvSource({"'',''", "f,MY", "fo,MZXQ", "foo,MZXW6", "foob,MZXW6YQ", "fooba,MZXW6YTB", "foobar,MZXW6YTBOI"})
    void base32IsThatOfTheStandard(String text, String encoded) {
        assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
        assertThat(new String(Base32.decode(encoded), StandardCharsets.US_ASCII))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"M1", "MZ=", "M Y", "ä"})
    void notBase32(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Base32.decode(text));
    }

    @Test
    void recoveryCodesAreReadAsPeopleTypeThem() {
        List<String> codes = RecoveryCodes.make(new SecureRandom());
        assertThat(codes)
                .hasSize(10)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("([A-Z2-7]{4}-){3}[A-Z2-7]{4}"));
        List<String> hashes = RecoveryCodes.hashes(codes);
        assertThat(hashes).noneMatch(codes::contains);
        String typed = codes.get(3).replace("-", " ").toLowerCase(java.util.Locale.ROOT);
        List<String> left = RecoveryCodes.use(hashes, typed).orElseThrow();
        assertThat(left).hasSize(9).doesNotContain(hashes.get(3));
        assertThat(RecoveryCodes.use(left, codes.get(3))).isEmpty();
        assertThat(RecoveryCodes.use(left, "")).isEmpty();
    }
}
