package org.strongroom.plugin.offline.access;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.LoginReset;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.tenancy.Started;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "reset",
        description =
                "For somebody who has lost the app and the recovery codes, or an account in wrong hands: forget the"
                        + " second factor and security keys, revoke all app tokens and end all logins. Orthanc must not"
                        + " run; run it as Orthanc's user.")
final class UserResetCommand implements Callable<Integer> {
    @ParentCommand
    private UserCommand user;

    @Parameters(paramLabel = "NAME", description = "As in the settings.")
    private String name;

    @Override
    public Integer call() {
        Session session = user.main.session();
        Place place = Place.of(session);
        try {
            HomeLock lock = place.takeOver();
            try (lock) {
                return reset(session, place);
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int reset(Session session, Place place) throws IOException {
        try (Keyring keyring = Keyring.read(place.home(), place.source(), user.main.clock);
                AuditTap audit = AuditTap.open(place.home(), user.main.clock, RunningTime.system())) {
            audit.record(AuditEvent.of(AuditType.USERS)
                    .by(AuditEvent.COMMAND_LINE)
                    .with("account", System.getProperty("user.name", ""))
                    .with("user", name)
                    .with("how", "second factor, app tokens and logins removed")); // before: a kill hides nothing
            boolean knownHere = LoginReset.run(place.home().login(), keyring, name, user.main.clock);
            boolean hasStarted =
                    Started.open(place.home().login(), keyring, user.main.clock).forgetUser(name);
            boolean known = knownHere || hasStarted;
            session.console().object(Map.of("user", name, "known", known));
            session.console()
                    .line(
                            known
                                    ? "Second factor, app tokens and logins of " + name + " are gone"
                                    : "Nothing was known of " + name);
            return Console.DONE;
        }
    }
}
