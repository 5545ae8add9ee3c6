package org.strongroom.plugin.login.factor;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.strongroom.plugin.login.secret.Tokens;

/** Codes on paper for who has lost the app: 80 random bits each, good once. Only their SHA-256 is kept. */
public final class RecoveryCodes {
    private static final int COUNT = 10;
    private static final int BYTES = 10;
    private static final int GROUP = 4;

    private RecoveryCodes() {}

    /** New ones, as people read them: {@code ABCD-EFGH-IJKL-MNOP}. */
    public static List<String> make(SecureRandom random) {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            codes.add(String.join("-", Base32.encode(bytes).split("(?<=\\G.{" + GROUP + "})")));
        }
        return codes;
    }

    public static List<String> hashes(List<String> codes) {
        return codes.stream().map(code -> Tokens.hash(plain(code))).toList();
    }

    /** What is left of {@code hashes} when this code is used; empty if it is none of them. */
    static Optional<List<String>> use(List<String> hashes, String typed) {
        String used = Tokens.hash(plain(typed));
        return hashes.contains(used)
                ? Optional.of(hashes.stream().filter(hash -> !hash.equals(used)).toList())
                : Optional.empty();
    }

    private static String plain(String code) {
        return code.replace("-", "").replace(" ", "").toUpperCase(Locale.ROOT);
    }
}
