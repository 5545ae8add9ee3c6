package org.strongroom.plugin.offline.hold;

import java.io.IOException;
import java.time.Clock;
import java.util.Base64;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.HoldRequest;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.OneTenant;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;

/** Has holds journaled by whoever may write the journal now: the plugin in a running Orthanc, else this command. */
public final class HoldOrders {
    private HoldOrders() {}

    /** The holds as the journal has them now; another process may be writing it. */
    public static Holds read(Place place, Keyring keyring, Clock clock) throws IOException {
        Holds holds = new Holds(keyring, clock);
        Journal.read(place.home().journal(), keyring.home(), (entry, chain) -> holds.replay(entry));
        return holds;
    }

    /** Returns when the order is in force. */
    static void carryOut(HoldOrder order, Session session, Place place, Keyring keyring, Clock clock)
            throws IOException {
        if (PluginLock.isHeld(place.home())) {
            String text = Base64.getEncoder().encodeToString(order.sealedText());
            session.sidecar().hold(new HoldRequest(order.hold(), text, order.held()));
            return;
        }
        HomeLock lock = place.takeOver();
        try (lock;
                AuditTap audit = AuditTap.open(place.home(), clock, RunningTime.system())) {
            Holds holds = new Holds(keyring, clock);
            Assignments assignments = new Assignments(keyring); // what was given to a tenant is held with it
            try (Journal journal =
                    Journal.open(place.home().journal(), keyring.home(), keyring::signJournalHead, clock, entry -> {
                        holds.replay(entry);
                        assignments.replay(entry);
                    })) {
                OneTenant.tell(place.settings(), holds, keyring);
                holds.complete(journal);
                holds.carryOut(order, journal, audit);
            }
        }
    }
}
