package org.strongroom.plugin.offline.access;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.login.secret.PasswordHash;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "hash",
        description =
                "Make the hash of a password, for PasswordHashFile or PasswordHashEnv of a user. The password is typed"
                        + " twice, without being shown; where nobody types it is the first line of standard input.")
final class UserHashCommand implements Callable<Integer> {
    private static final int SHORTEST = 8;

    @ParentCommand
    private UserCommand user;

    @Override
    public Integer call() {
        String password = ask("Password: ");
        if (password.length() < SHORTEST) {
            throw StrongroomException.of(FailureKind.REFUSED, "the password is too short")
                    .cure("Take at least " + SHORTEST
                            + " characters; a few unrelated words are easier to keep in mind");
        }
        if (user.main.answer.isPresent() && !ask("The same again: ").equals(password)) {
            throw StrongroomException.of(FailureKind.REFUSED, "these are two different passwords")
                    .cure("Try again");
        }
        String hash = PasswordHash.of(Secret.of(password), new SecureRandom()).toString();
        Console console = user.main.session().console();
        console.object(Map.of("hash", hash));
        console.line(hash);
        return Console.DONE;
    }

    private String ask(String prompt) {
        return user.main.secret.apply(prompt).orElseThrow(() -> StrongroomException.of(
                        FailureKind.REFUSED, "the password could not be read without showing it")
                .cure("Run this in a terminal without redirecting its output, or give the password on standard"
                        + " input"));
    }
}
