package org.strongroom.plugin.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;

class RecoveryKitTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Key32 SECRET = Key32.random(RANDOM);

    private static Map<String, Share> named(List<Share> shares) {
        Map<String, Share> named = new LinkedHashMap<>();
        shares.forEach(share -> named.put("sheet " + named.size(), share));
        return named;
    }

    @Test
    void everyChoiceOfEnoughSharesGivesTheSecretAndFewerDoNot() {
        List<Share> five = RecoveryKit.split(SECRET, 7, 3, 5, RANDOM);
        for (int chosen = 0; chosen < 1 << 5; chosen++) {
            List<Share> some = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                if ((chosen & 1 << i) != 0) {
                    some.add(five.get(i));
                }
            }
            Collections.shuffle(some, new Random(chosen));
            if (some.size() >= 3) {
                assertThat(RecoveryKit.combine(named(some))).isEqualTo(SECRET);
            } else {
                assertThatThrownBy(() -> RecoveryKit.combine(named(some)))
                        .isInstanceOf(StrongroomException.class)
                        .hasMessageMatching("(?s).*(needs 3 shares|no share).*");
            }
        }
    }

    @Test
    void theLargestKitWorks() {
        List<Share> all = RecoveryKit.split(SECRET, 7, RecoveryKit.MOST_SHARES, RecoveryKit.MOST_SHARES, RANDOM);
        assertThat(RecoveryKit.combine(named(all))).isEqualTo(SECRET);
    }

    /** Written from format.md §8.1 alone: Lagrange at 0 over GF(256) with the polynomial of AES. */
    @Test
    void anIndependentReaderOfTheFormatGetsTheSecret() {
        List<Share> five = RecoveryKit.split(SECRET, 7, 3, 5, RANDOM);
        byte[] secret = new byte[32];
        int[] chosen = {1, 3, 4};
        for (int b = 0; b < 32; b++) {
            int sum = 0;
            for (int i : chosen) {
                int term = five.get(i).value().toBytes()[b] & 0xFF;
                for (int j : chosen) {
                    if (j != i) {
                        term = times(term, times(j + 1, inverse((j + 1) ^ (i + 1))));
                    }
                }
                sum ^= term;
            }
            secret[b] = (byte) sum;
        }
        assertThat(Key32.of(secret)).isEqualTo(SECRET);
    }

    private static int times(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            product ^= (b & 1 << bit) == 0 ? 0 : a << bit;
        }
        for (int bit = 15; bit >= 8; bit--) {
            product ^= (product & 1 << bit) == 0 ? 0 : 0x11B << (bit - 8);
        }
        return product;
    }

    private static int inverse(int a) {
        for (int b = 1; b < 256; b++) {
            if (times(a, b) == 1) {
                return b;
            }
        }
        throw new IllegalArgumentException("no inverse of " + a);
    }

    @Test
    void wordsGiveTheShareBack() {
        for (Share share : RecoveryKit.split(SECRET, 0xDEADBEEF, 2, 9, RANDOM)) {
            List<String> words = share.words();
            assertThat(words).hasSize(Share.WORDS).allMatch(word -> word.matches("[a-z]{5}"));
            assertThat(Share.parse(words, "sheet")).isEqualTo(share);
        }
    }

    @Test
    void everyWordIsAnotherNumber() {
        Set<String> words = new HashSet<>();
        for (int value = 0; value < 1 << 16; value++) {
            String word = Proquint.of(value);
            words.add(word);
            assertThat(Proquint.parse(word)).contains(value);
        }
        assertThat(words).hasSize(1 << 16);
        assertThat(Proquint.of(0x7F00)).isEqualTo("lusab"); // 127.0 in the paper's table
        assertThat(Proquint.of(0x0001)).isEqualTo("babad");
    }

    @Test
    void aWordThatIsWrongIsSaidToBe() {
        List<String> words = new ArrayList<>(
                RecoveryKit.split(SECRET, 7, 2, 2, RANDOM).get(0).words());
        for (int i = 0; i < Share.WORDS; i++) {
            String right = words.set(i, "quack");
            assertThatThrownBy(() -> Share.parse(words, "sheet"))
                    .hasMessageContaining("word " + (words.indexOf("quack") + 1))
                    .hasMessageNotContaining("quack");
            words.set(i, Proquint.of(Proquint.parse(right).orElseThrow() ^ 1));
            assertThatThrownBy(() -> Share.parse(words, "sheet")).hasMessageContaining("do not fit together");
            words.set(i, right);
        }
        words.remove(3);
        assertThatThrownBy(() -> Share.parse(words, "sheet")).hasMessageContaining("has 23 words, and here are 22");
    }

    @Test
    void sharesThatAreMixedTwiceOrWrongAreNamed() {
        List<Share> one = RecoveryKit.split(SECRET, 7, 2, 3, RANDOM);
        List<Share> other = RecoveryKit.split(SECRET, 7, 2, 3, RANDOM);
        assertThatThrownBy(() -> RecoveryKit.combine(named(List.of(one.get(0), other.get(1)))))
                .hasMessageContaining("several kits")
                .hasMessageContaining("sheet 1")
                .hasMessageContaining(other.get(0).kitName());
        assertThatThrownBy(() -> RecoveryKit.combine(named(List.of(one.get(0), one.get(0)))))
                .hasMessageContaining("share 1 is there twice")
                .hasMessageContaining("sheet 0 and sheet 1");
        Share wrong = new Share(7, one.get(2).kit(), 2, 3, Key32.random(RANDOM));
        assertThatThrownBy(() -> RecoveryKit.combine(named(List.of(one.get(0), one.get(1), wrong))))
                .hasMessageContaining("do not fit together");
    }

    @Test
    void withMoreSharesThanAreNeededTheWrongOnesAreFound() {
        List<Share> shares = new ArrayList<>(RecoveryKit.split(SECRET, 7, 3, 6, RANDOM));
        assertThat(RecoveryKit.misfits(named(shares), SECRET::equals)).isEmpty();
        for (int wrong : new int[] {0, 3}) {
            shares.set(wrong, new Share(7, shares.get(wrong).kit(), 3, wrong + 1, Key32.random(RANDOM)));
        }
        assertThat(RecoveryKit.misfits(named(shares), SECRET::equals)).containsExactly("sheet 0", "sheet 3");
        // Two that are right are not enough to tell.
        assertThat(RecoveryKit.misfits(named(shares.subList(0, 4)), SECRET::equals))
                .isEmpty();
    }

    @Test
    void nothingSecretIsPrinted() {
        Share share = RecoveryKit.split(SECRET, 7, 2, 2, RANDOM).get(0);
        assertThat(share.toString())
                .contains("value=***")
                .doesNotContain(share.words().get(10));
    }
}
