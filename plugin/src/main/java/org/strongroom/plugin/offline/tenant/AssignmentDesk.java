package org.strongroom.plugin.offline.tenant;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.OneTenant;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.tenancy.StudyTenants;

/** Has assignments carried out by whoever may write the journal now: the plugin in a running Orthanc, else this command. */
final class AssignmentDesk implements Closeable {
    /** What carries one out; it is in force when this returns. */
    private interface Carrier {
        void carryOut(AssignmentRequest order) throws IOException;
    }

    private final Carrier carrier;
    private final Deque<Closeable> open;

    private AssignmentDesk(Carrier carrier, Deque<Closeable> open) {
        this.carrier = carrier;
        this.open = open;
    }

    static AssignmentDesk open(Session session, Place place, Keyring keyring, Clock clock) throws IOException {
        if (PluginLock.isHeld(place.home())) {
            ControlClient sidecar = session.sidecar();
            return new AssignmentDesk(sidecar::assign, new ArrayDeque<>());
        }
        Deque<Closeable> open = new ArrayDeque<>();
        try {
            HomeLock lock = place.takeOver();
            open.push(lock::close);
            AuditTap audit = AuditTap.open(place.home(), clock, RunningTime.system());
            open.push(audit::close);
            Holds holds = new Holds(keyring, clock);
            Assignments assignments = new Assignments(keyring);
            Journal journal =
                    Journal.open(place.home().journal(), keyring.home(), keyring::signJournalHead, clock, entry -> {
                        holds.replay(entry);
                        assignments.replay(entry);
                        keyring.replay(entry);
                    });
            open.push(journal);
            OneTenant.tell(place.settings(), holds, keyring);
            holds.complete(journal);
            StudyTenants studies = StudyTenants.of(keyring);
            return new AssignmentDesk(
                    order -> assignments.carryOut(
                            order, place.settings().tenants().keySet(), studies, journal, holds, audit),
                    open);
        } catch (IOException | RuntimeException e) {
            close(open);
            throw e;
        }
    }

    void carryOut(AssignmentRequest order) throws IOException {
        carrier.carryOut(order);
    }

    @Override
    public void close() throws IOException {
        close(open);
    }

    private static void close(Deque<Closeable> open) throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
