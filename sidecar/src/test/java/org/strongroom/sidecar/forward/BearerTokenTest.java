package org.strongroom.sidecar.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.sidecar.uplink.Uplink;

class BearerTokenTest {
    @TempDir
    Path folder;

    @Test
    void aTokenIsTheFirstLineOfItsFileOrItsVariableWithoutBlanksAround() throws Exception {
        assertThat(inFile(" abc~!\r\nwhatever\n").read()).contains("abc~!");
        assertThat(inVariable(" abc\n").read()).contains("abc");
        assertThat(new BearerToken(Optional.empty(), Optional.empty(), name -> "abc").read())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \nne xt", "sec ret", "sec\u0007ret", "s\u00e9cret"})
    void whatIsNoTokenIsNotSentAndNotShown(String text) throws Exception {
        BearerToken file = inFile(text);
        assertThatThrownBy(file::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.toString())
                .message()
                .doesNotContain("sec");
        BearerToken variable = inVariable(text);
        assertThatThrownBy(variable::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the variable TOKEN")
                .message()
                .doesNotContain("sec");
    }

    @Test
    void aVariableThatIsNotThereIsNoToken() {
        BearerToken absent = new BearerToken(Optional.empty(), Optional.of("TOKEN"), name -> null);
        assertThatThrownBy(absent::read).isInstanceOf(IOException.class);
    }

    @Test
    void whatNoHeaderCanHoldIsNotShown() throws Exception {
        HttpsPost post = new HttpsPost(SSLContext.getDefault(), () -> Optional.of("secret\nline"), Uplink.unlimited());
        assertThatThrownBy(() -> post.send("PUT", URI.create("https://127.0.0.1:1/"), "text/plain", new byte[0]))
                .isInstanceOf(IOException.class)
                .hasNoCause()
                .message()
                .doesNotContain("secret");
    }

    private BearerToken inFile(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), text);
        return new BearerToken(Optional.of(file), Optional.empty(), name -> null);
    }

    private static BearerToken inVariable(String text) {
        return new BearerToken(Optional.empty(), Optional.of("TOKEN"), Map.of("TOKEN", text)::get);
    }
}
