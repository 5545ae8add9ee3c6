package org.strongroom.plugin.login;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.account.OpenIdAccounts;
import org.strongroom.plugin.login.factor.AccountRecord;
import org.strongroom.plugin.login.factor.AccountRecords;
import org.strongroom.plugin.login.session.Sessions;

/** Forgets what is known of a user, where Orthanc does not run. */
public final class LoginReset {
    private static final Duration ANY = Duration.ofDays(365);

    private LoginReset() {}

    /**
     * Forgets second factor, security keys, recovery codes, app tokens, sessions, devices and whose the name is at an OpenID Connect provider, durably; the acknowledgement of the policy stays.
     *
     * @return whether there was any of it
     */
    public static boolean run(Path folder, Keyring keyring, String user, InstantSource clock) throws IOException {
        boolean known = AccountRecords.open(folder, keyring).change(user, record -> {
            AccountRecord bare = AccountRecord.of(user).with(record.acknowledged());
            return bare.equals(record) ? Optional.empty() : Optional.of(bare);
        });
        boolean named = OpenIdAccounts.forget(folder, keyring, user);
        Sessions sessions = Sessions.open(folder, keyring, ANY, ANY, clock, new SecureRandom());
        int ended = sessions.end(session -> session.user().equals(user));
        sessions.forgetDevices(user);
        return known || named || ended > 0;
    }
}
