package org.strongroom.plugin.offline.key;

import java.io.IOException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.keys.FormerTenantKey;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.TenantChange;
import org.strongroom.plugin.keys.TenantKey;
import org.strongroom.plugin.kit.Share;
import org.strongroom.plugin.offline.place.Place;

/** {@code key rotate --tenant}: another key for a tenant, by whoever holds Home's lock. */
final class TenantRotation {
    /** Records between two words about them: each is a few microseconds. */
    private static final long TOLD = 10_000;

    private final Console console;
    private final Place place;
    private final Clock clock;
    private final TenantChange change;
    /** As on the kit's sheets. */
    private final String recoveryKey;

    TenantRotation(Console console, Place place, Clock clock) throws IOException {
        this.console = console;
        this.place = place;
        this.clock = clock;
        this.change = new TenantChange(place.home(), place.installation());
        this.recoveryKey = HexFormat.of()
                .toHexDigits(Share.fingerprint(place.installation().recoveryKey()));
    }

    /** Opens all that would be done; the exit status. */
    int rehearse(String tenant) throws IOException {
        TenantChange.Plan plan = change.rehearse(place.source(), tenant);
        Map<String, Object> json = json(tenant, plan.from(), false);
        json.put("dryRun", true);
        json.put("records", plan.records());
        console.object(json);
        console.line("All of it would be done: tenant " + tenant + " from key " + plan.from() + " to "
                + (plan.from() + 1) + ", with " + Amounts.count(plan.records(), "record")
                + ", which all open, wrapped to the recovery key " + recoveryKey
                + " (the sheets of the recovery kit have to name the same). Nothing has changed");
        return Console.DONE;
    }

    /** Does it, or finishes what was interrupted; the exit status. */
    int rotate(String tenant) throws IOException {
        try (AuditTap audit = AuditTap.open(place.home(), clock, RunningTime.system())) {
            Optional<TenantKey> finished = Optional.empty();
            if (change.isBegun()) {
                finished = tell(audit);
                finished.ifPresent(key -> console.note(
                        "A change that was interrupted is finished: tenant " + key.name() + " has key " + key.epoch()));
            }
            long records = 0;
            if (finished.filter(key -> key.name().equals(tenant)).isEmpty()) {
                console.note("The new key is wrapped to the recovery key " + recoveryKey
                        + ", as installation.json has it: the sheets of the recovery kit have to name the same");
                console.note("Opening every record of tenant " + tenant + ", and wrapping them anew …");
                records = change.change(
                                place.source(),
                                tenant,
                                clock,
                                audit::record,
                                AuditEvent.COMMAND_LINE,
                                new Progress(console))
                        .records();
                tell(audit);
            }
            return told(tenant, records);
        }
    }

    private Optional<TenantKey> tell(AuditTap audit) throws IOException {
        try (Keyring keyring = Keyring.open(place.home(), place.source(), clock)) {
            return TenantChange.tell(place.home(), keyring, audit::record, AuditEvent.COMMAND_LINE);
        }
    }

    /** Of what there is now. */
    private int told(String tenant, long records) throws IOException {
        try (Keyring keyring = Keyring.read(place.home(), place.source(), clock)) {
            TenantKey key = keyring.tenantKeys().stream()
                    .filter(one -> one.name().equals(tenant))
                    .findFirst()
                    .orElseThrow();
            long left = 0;
            boolean states = false;
            boolean stays = false;
            for (FormerTenantKey former : keyring.formerTenantKeys()) {
                if (former.key().tenant().equals(key.tenant())) {
                    left += former.records();
                    states |= former.states();
                    stays = true;
                }
            }
            Map<String, Object> json = json(tenant, key.epoch() - 1, true);
            json.put("dryRun", false);
            json.put("records", records);
            json.put("left", left);
            json.put("formerStays", stays);
            console.object(json);
            console.line("Tenant " + tenant + " has key " + key.epoch() + "; "
                    + Amounts.count(records, "record") + (records == 1 ? " is" : " are")
                    + " wrapped anew. Start Orthanc: its sidecar takes from every tier what is under a former key, and"
                    + " strongroom key status says what is left.");
            if (states) {
                console.line("A former key of this tenant stays in the keyring: it opens texts of holds, erasures and"
                        + " assignments of before, and snapshots of before, and no study's key");
            } else if (stays) {
                console.line(
                        "A former key of this tenant stays in the keyring: something may still be under it, see the"
                                + " warnings");
            } else {
                console.line(
                        "No former key of this tenant is in the keyring any more; backups of Home and copies of tiers"
                                + " from before still hold what they open");
            }
            if (left > 0) {
                console.line(Amounts.count(left, "record")
                        + " did not open and stay as they were: strongroom verify --all" + " names them");
            }
            return left == 0 ? Console.DONE : Console.NOT_DONE;
        }
    }

    private Map<String, Object> json(String tenant, int from, boolean rotated) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("recoveryKey", recoveryKey);
        json.put("rotated", rotated);
        json.put("tenant", tenant);
        json.put("from", from);
        json.put("to", from + 1);
        return json;
    }

    /** Tells now and then how far it is. */
    private static final class Progress implements LongConsumer {
        private final Console console;
        private long next = TOLD;

        private Progress(Console console) {
            this.console = console;
        }

        @Override
        public void accept(long done) {
            if (done >= next) {
                console.note(Amounts.count(done, "record") + " …");
                next = done + TOLD;
            }
        }
    }
}
