package org.strongroom.plugin.login.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.login.secret.PasswordHash;

class PasswordHashTest {
    private static final String START = "$argon2id$v=19$m=1024,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$";

    /** Made by another implementation: Python's {@code cryptography}. */
    @ParameterizedTest
    @CsvSource({
        "correct horse,5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
        "Glück,uCPIdlJvF/hjNhjcnPH5nnUjndVQqyBg+ZCSh82GYtY",
        "Glu\u0308ck,uCPIdlJvF/hjNhjcnPH5nnUjndVQqyBg+ZCSh82GYtY"
    })
    void opensWhatOthersMade(String password, String hash) {
        PasswordHash made = PasswordHash.parse(START + hash);
        assertThat(made.matches(Secret.of(password))).isTrue();
        assertThat(made.matches(Secret.of(password + " "))).isFalse();
        assertThat(made).hasToString(START + hash);
    }

    @Test
    void ourOwnOpenAndAreNeverTheSameTwice() {
        SecureRandom random = new SecureRandom();
        PasswordHash one = PasswordHash.of(Secret.of("x"), random);
        PasswordHash two = PasswordHash.of(Secret.of("x"), random);
        assertThat(PasswordHash.parse(one.toString()).matches(Secret.of("x"))).isTrue();
        assertThat(one.matches(Secret.of("y"))).isFalse();
        assertThat(two.toString()).isNotEqualTo(one.toString());
        assertThat(two.stamp()).isNotEqualTo(one.stamp());
    }

    @Test
    void aPasswordOfTheSettingsHasTheSameStampAtEveryStart() {
        String stamp = PasswordHash.ofSetting("jane", Secret.of("x")).stamp();
        assertThat(PasswordHash.ofSetting("jane", Secret.of("x")).stamp()).isEqualTo(stamp);
        assertThat(PasswordHash.ofSetting("jane", Secret.of("y")).stamp()).isNotEqualTo(stamp);
        assertThat(PasswordHash.ofSetting("john", Secret.of("x")).stamp()).isNotEqualTo(stamp);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
                "$argon2i$v=19$m=1024,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=16$m=1024,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=19$m=65537,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=19$m=1024,t=11,p=2$MDEyMzQ1Njc4OWFiY2RlZg$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=19$m=1024,t=0,p=2$MDEyMzQ1Njc4OWFiY2RlZg$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=19$m=1024,t=3,p=5$MDEyMzQ1Njc4OWFiY2RlZg$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=19$m=8,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=19$m=1024,t=3,p=2$MDEy$5/+6JIt2g3X6sJ3wFkZ+1S3lbCuHfB/ER6MFcNBLbTI",
                "$argon2id$v=19$m=1024,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$5/+6"
            })
    void whatIsNoneOrCostsTooMuchIsRefusedWithoutShowingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(text))
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain("hunter2").doesNotContain("MDEy"));
    }

    @Test
    void aStrangersNameIsTriedAgainstARealHashAndNeverRight() {
        SecureRandom random = new SecureRandom();
        Account jane =
                new Account(somebody("jane"), Optional.of(PasswordHash.of(Secret.of("x"), random)), false, false);
        Account byOtherMeans = new Account(somebody("john"), Optional.empty(), false, false);
        Passwords passwords = new Passwords(Map.of("jane", jane, "john", byOtherMeans), random);
        assertThat(passwords.check("jane", Secret.of("x"))).contains(jane);
        assertThat(passwords.check("jane", Secret.of(""))).isEmpty();
        // Jane's hash is the only one there is, so it is what their passwords are compared with.
        assertThat(passwords.check("nobody", Secret.of("x"))).isEmpty();
        assertThat(passwords.check("john", Secret.of("x"))).isEmpty();
    }

    private static Principal somebody(String name) {
        return new Principal(name, Set.of(), Set.of(), List.of(), List.of());
    }

    @Test
    void aPasswordBeyondAllMeasureIsWrong() {
        SecureRandom random = new SecureRandom();
        Secret empty = Secret.of("");
        Account careless = new Account(somebody("c"), Optional.of(PasswordHash.of(empty, random)), false, false);
        Passwords passwords = new Passwords(Map.of("c", careless), random);
        assertThat(passwords.check("c", Secret.of("x".repeat(1025)))).isEmpty();
    }
}
