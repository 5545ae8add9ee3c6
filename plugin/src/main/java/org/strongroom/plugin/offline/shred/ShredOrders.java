package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.ErasureRequest.Step;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.OneTenant;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.offline.place.SidecarAccess;

/** Has steps of erasures carried out by whoever may write journal and keyring now: the plugin in a running Orthanc, else this command. */
public final class ShredOrders {
    private ShredOrders() {}

    /** The erasures as the journal has them now; another process may be writing it. */
    public static List<Erasure> read(Place place, Keyring keyring, Clock clock) throws IOException {
        Erasures erasures = erasures(place, keyring, new Holds(keyring, clock), clock);
        Journal.read(place.home().journal(), keyring.home(), (entry, chain) -> erasures.replay(entry));
        return erasures.all();
    }

    /** Returns when it is done. */
    public static void carryOut(ErasureRequest order, Session session, Place place, Program main)
            throws IOException, InterruptedException {
        if (PluginLock.isHeld(place.home())) {
            session.sidecar().erase(order);
        } else if (order.step() == Step.APPROVE) {
            SidecarAccess.run(session, place, main.sleeper, (sidecar, alone) -> {
                if (alone) {
                    carryOut(order, place, main.clock, sidecar::remains);
                    return 0;
                }
                HomeLock lock = place.takeOver();
                try (lock) {
                    carryOut(order, place, main.clock, sidecar::remains);
                    return 0;
                }
            });
        } else {
            HomeLock lock = place.takeOver();
            try (lock) {
                carryOut(order, place, main.clock, key -> {
                    throw new IllegalStateException("only an approval looks");
                });
            }
        }
    }

    private static void carryOut(ErasureRequest order, Place place, Clock clock, Erasures.Look look)
            throws IOException {
        try (Keyring keyring = Keyring.open(place.home(), place.source(), clock);
                AuditTap audit = AuditTap.open(place.home(), clock, RunningTime.system())) {
            Holds holds = new Holds(keyring, clock);
            Assignments assignments = new Assignments(keyring); // a tenant's holds are on what was given to it
            Erasures erasures = erasures(place, keyring, holds, clock);
            try (Journal journal =
                    Journal.open(place.home().journal(), keyring.home(), keyring::signJournalHead, clock, entry -> {
                        holds.replay(entry);
                        assignments.replay(entry);
                        erasures.replay(entry);
                    })) {
                OneTenant.tell(place.settings(), holds, keyring);
                holds.complete(journal);
                erasures.complete(journal, audit);
                erasures.carryOut(order, journal, audit, look, Optional.empty());
            }
        }
    }

    private static Erasures erasures(Place place, Keyring keyring, Holds holds, Clock clock) {
        return new Erasures(keyring, holds, place.settings().retention().approvers(), clock);
    }
}
