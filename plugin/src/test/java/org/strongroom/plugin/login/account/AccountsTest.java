package org.strongroom.plugin.login.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.login.secret.PasswordHash;

class AccountsTest {
    @TempDir
    Path folder;

    private Map<String, Account> read(String users, Map<String, String> environment) {
        String json =
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/k"}, "Access": {
                  "Users": {USERS},
                  "Login": {"SecondFactor": ["administrator"], "Basic": ["technologist"]}}}}
                """;
        return Accounts.of(Settings.parse(json.replace("USERS", users)), environment);
    }

    @Test
    void passwordsComeFromFilesAndTheEnvironment() throws IOException {
        PasswordHash hash = PasswordHash.of(Secret.of("hashed"), new SecureRandom());
        Path clear = Files.writeString(folder.resolve("clear"), "from a file\nnot this line\n");
        Path hashed = Files.writeString(folder.resolve("hashed"), hash + "\n");
        Map<String, Account> accounts = read(
                "\"a\": {\"PasswordFile\": \"" + clear + "\"}, \"b\": {\"PasswordEnv\": \"B\"}, \"c\":"
                        + " {\"PasswordHashFile\": \"" + hashed + "\"}, \"d\": {\"PasswordHashEnv\": \"D\"}, \"e\": {}",
                Map.of("B", "from the environment", "D", hash.toString()));
        Passwords passwords = new Passwords(accounts, new SecureRandom());
        assertThat(passwords.check("a", Secret.of("from a file"))).isPresent();
        assertThat(passwords.check("b", Secret.of("from the environment"))).isPresent();
        assertThat(passwords.check("c", Secret.of("hashed"))).isPresent();
        assertThat(passwords.check("d", Secret.of("hashed"))).isPresent();
        assertThat(passwords.check("e", Secret.of("hashed"))).isEmpty();
        assertThat(passwords.check("a", Secret.of("hashed"))).isEmpty();
    }

    @Test
    void rolesSayWhatBelongsToALogin() {
        Map<String, Account> accounts = read(
                "\"a\": {\"Roles\": [\"radiologist\", \"administrator\"]}, \"t\": {\"Roles\": [\"technologist\"]}",
                Map.of());
        assertThat(accounts.get("a").secondFactor()).isTrue();
        assertThat(accounts.get("a").basic()).isFalse();
        assertThat(accounts.get("t").secondFactor()).isFalse();
        assertThat(accounts.get("t").basic()).isTrue();
    }

    @Test
    void aPasswordThatIsNotThereIsToldByItsUserAndNeverShown() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path clear = Files.writeString(folder.resolve("clear"), "hunter2\n");
        for (String source : new String[] {
            "\"PasswordFile\": \"/nowhere/x\"",
            "\"PasswordFile\": \"" + empty + "\"",
            "\"PasswordEnv\": \"NONE\"",
            "\"PasswordEnv\": \"EMPTY\"",
            "\"PasswordHashFile\": \"" + clear + "\"",
            "\"PasswordHashEnv\": \"CLEAR\""
        }) {
            assertThatExceptionOfType(StrongroomException.class)
                    .as(source)
                    .isThrownBy(() -> read("\"jane\": {" + source + "}", Map.of("EMPTY", "", "CLEAR", "hunter2")))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED))
                    .satisfies(e -> assertThat(e.context()).containsEntry("user", "jane"))
                    .satisfies(e -> assertThat(e.cure()).isNotEmpty())
                    .withMessageNotContaining("hunter2");
        }
    }
}
