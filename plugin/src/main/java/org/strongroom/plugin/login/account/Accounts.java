package org.strongroom.plugin.login.account;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.UserSettings;
import org.strongroom.core.settings.Users;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.login.secret.PasswordHash;

/** Reads who may come in. */
public final class Accounts {
    private static final int LONGEST_FILE = 4096;

    private Accounts() {}

    /**
     * The users of the settings by name, with their passwords; one in clear takes some tens of milliseconds.
     *
     * @throws StrongroomException REFUSED if a password is not where the settings say, with the user's name and never the password
     */
    public static Map<String, Account> of(Settings settings, Map<String, String> environment) {
        LoginSettings login = settings.access().login();
        Roles roles = Roles.of(settings.access());
        Map<String, Account> accounts = new HashMap<>();
        Users.of(settings).forEach((name, user) -> {
            boolean secondFactor = user.roles().stream().anyMatch(login.secondFactor()::contains);
            boolean basic = user.roles().stream().anyMatch(login.basic()::contains);
            accounts.put(
                    name,
                    new Account(roles.principal(name, user), password(name, user, environment), secondFactor, basic));
        });
        return Map.copyOf(accounts);
    }

    private static Optional<PasswordHash> password(String name, UserSettings user, Map<String, String> environment) {
        Optional<String> clear = user.passwordFile()
                .map(file -> firstLine(name, "PasswordFile", file))
                .or(() -> user.passwordEnv().map(variable -> variable(name, "PasswordEnv", variable, environment)));
        if (clear.isPresent()) {
            return clear.map(password -> PasswordHash.ofSetting(name, Secret.of(password)));
        }
        return user.passwordHashFile()
                .map(file -> hash(name, "PasswordHashFile", firstLine(name, "PasswordHashFile", file)))
                .or(() -> user.passwordHashEnv()
                        .map(variable -> hash(
                                name, "PasswordHashEnv", variable(name, "PasswordHashEnv", variable, environment))));
    }

    private static PasswordHash hash(String name, String setting, String text) {
        try {
            return PasswordHash.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused(name, setting).cure("It must hold what \"strongroom user hash\" prints");
        }
    }

    private static String firstLine(String name, String setting, Path file) {
        try {
            if (Files.size(file) <= LONGEST_FILE) {
                List<String> lines = Files.readAllLines(file);
                if (!lines.isEmpty() && !lines.get(0).isEmpty()) {
                    return lines.get(0);
                }
            }
        } catch (IOException e) {
            throw refused(name, setting)
                    .with("file", file)
                    .cure("Make it a file in UTF-8 that Orthanc's user can read")
                    .causedBy(e);
        }
        throw refused(name, setting).with("file", file).cure("Write it into the first line of this file");
    }

    private static String variable(String name, String setting, String variable, Map<String, String> environment) {
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw refused(name, setting)
                    .with("variable", variable)
                    .cure("Set this variable in the environment that Orthanc is started with");
        }
        return value;
    }

    private static StrongroomException refused(String name, String setting) {
        return StrongroomException.of(FailureKind.REFUSED, "a user's password is not where the settings say")
                .with("user", name)
                .with("setting", setting);
    }
}
