package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.strongroom.core.settings.Pkcs11Settings;
import org.strongroom.plugin.keyservice.Pkcs11Token;
import org.strongroom.plugin.keyservice.SoftHsm;
import org.strongroom.plugin.keyservice.Wrapped;

/** A real PKCS#11 library: SoftHSM2. */
class Pkcs11TokenTest extends KeySourceContract {
    private static final Map<String, String> ENVIRONMENT = Map.of("PIN", SoftHsm.PIN);

    @BeforeAll
    static void tokens() throws Exception {
        SoftHsm.require();
    }

    private static KeySource token(Path library, String token, String key, String variable) {
        return new WrappedRoot(new Pkcs11Token(
                new Pkcs11Settings(library, token, key, Optional.empty(), Optional.of(variable)), ENVIRONMENT));
    }

    private static KeySource token(String token, String key) {
        return token(SoftHsm.LIBRARY, token, key, "PIN");
    }

    private KeySource withPinFile(String content) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "pin", ""), content);
        return new WrappedRoot(new Pkcs11Token(
                new Pkcs11Settings(SoftHsm.LIBRARY, "one", "strongroom", Optional.of(file), Optional.empty()),
                Map.of()));
    }

    @Override
    KeySource source() {
        return token("one", "strongroom");
    }

    @Override
    KeySource another() {
        return token("two", "strongroom");
    }

    @Override
    Map<String, KeySource> failing() throws IOException {
        Map<String, KeySource> failing = new LinkedHashMap<>();
        failing.put("Pkcs11.Library", token(folder.resolve("none.so"), "one", "strongroom", "PIN"));
        failing.put(
                "no PKCS#11 library",
                token(Files.writeString(folder.resolve("text.so"), "text"), "one", "strongroom", "PIN"));
        failing.put("unplugged", token("unplugged", "strongroom"));
        failing.put("Pkcs11.Key", token("one", "absent"));
        failing.put("Pkcs11.Key is no", token("empty", "strongroom"));
        failing.put("UNSET", token(SoftHsm.LIBRARY, "one", "strongroom", "UNSET"));
        failing.put("does not take the PIN", withPinFile("pin-00000\n"));
        failing.put("Pkcs11.PinFile", withPinFile("\n"));
        return failing;
    }

    @Override
    String secret() {
        return SoftHsm.PIN;
    }

    @Test
    void aRightPinWorksAfterAWrongOneAndInAFile() throws Exception {
        RootParameters parameters = source().newParameters(new SecureRandom());
        assertThatThrownBy(() -> withPinFile("wrong-pin").rootKey(parameters)).hasMessageContaining("PIN");

        assertThat(withPinFile(SoftHsm.PIN + "\nnot this").rootKey(parameters)).isEqualTo(source().rootKey(parameters));
    }

    @Test
    void anotherTokenIsToldByItsKeyAndNotTried() {
        RootParameters parameters = source().newParameters(new SecureRandom());
        String wrappedWith = parameters.wrapped().orElseThrow().key();

        assertThatThrownBy(() -> another().rootKey(parameters))
                .hasMessageContaining("another key")
                .hasMessageContaining(wrappedWith);
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> token("one", "small").newParameters(new SecureRandom()))
                .hasMessageContaining("1024");
    }

    @Test
    void aChangedCiphertextIsRefused() {
        RootParameters parameters = source().newParameters(new SecureRandom());
        Wrapped wrapped = parameters.wrapped().orElseThrow();
        String text = wrapped.text();
        String changed = (text.charAt(9) == 'A' ? "B" : "A");
        for (String bad : new String[] {text.substring(0, 9) + changed + text.substring(10), "AAAA", "*"}) {
            RootParameters damaged = RootParameters.wrapped(parameters.kind(), new Wrapped(wrapped.key(), bad));
            assertThatThrownBy(() -> source().rootKey(damaged)).hasMessageContaining("root key");
        }
    }
}
