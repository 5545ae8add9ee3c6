package org.strongroom.plugin.login.factor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.plugin.webauthn.Assertion;
import org.strongroom.plugin.webauthn.Creation;
import org.strongroom.plugin.webauthn.Credential;
import org.strongroom.plugin.webauthn.RelyingParty;
import org.strongroom.plugin.webauthn.Verdict;

/** The users' security keys: makes and checks them, and counts along. Thread-safe. */
public final class SecurityKeys {
    private static final int LONGEST_NAME = 60;
    private static final int MOST = 20;

    private final Optional<RelyingParty> party;
    private final AccountRecords records;
    private final InstantSource clock;

    public SecurityKeys(LoginSettings settings, AccountRecords records, InstantSource clock) {
        this.party = settings.address().filter(WebAddress::isName).map(RelyingParty::new);
        this.records = records;
        this.clock = clock;
    }

    /** The name that keys are asked for; empty if nobody can use any here. */
    public Optional<String> host() {
        return party.map(RelyingParty::id);
    }

    /** The key that was made for this challenge; empty if none was. */
    public Optional<SecurityKey> created(Creation answer, String challenge, String name, String handle) {
        String given = name.strip();
        String label = given.isEmpty() ? "Security key" : given.substring(0, Math.min(given.length(), LONGEST_NAME));
        return party.flatMap(here -> here.created(answer, challenge))
                .map(made -> new SecurityKey(label, made, handle, clock.instant(), null));
    }

    /** The user's keys with this one; empty if it is nothing that can be added: it is theirs already, or they have very many. */
    public static Optional<List<SecurityKey>> with(List<SecurityKey> keys, SecurityKey added) {
        boolean known = keys.stream().anyMatch(key -> key.id().equals(added.id()));
        List<SecurityKey> all = new ArrayList<>(keys);
        all.add(added);
        return known || all.size() > MOST ? Optional.empty() : Optional.of(all);
    }

    /** The user's keys without this one; empty if they have no such key. */
    public static Optional<List<SecurityKey>> without(List<SecurityKey> keys, String id) {
        List<SecurityKey> left =
                keys.stream().filter(key -> !key.id().equals(id)).toList();
        return left.size() == keys.size() ? Optional.empty() : Optional.of(left);
    }

    /** Whether one of the user's keys is there. Its counter is written down before this returns. */
    public Verdict shown(String user, Assertion answer, String challenge) {
        Optional<SecurityKey> key = records.of(user).keys().stream()
                .filter(known -> known.id().equals(answer.id()))
                .findFirst();
        if (party.isEmpty() || key.isEmpty() || !isOf(answer, key.get())) {
            return new Verdict.Wrong();
        }
        Credential known = key.get().credential();
        Verdict verdict = party.get().shown(answer, known, challenge);
        boolean counted = verdict instanceof Verdict.Shown shown
                && records.change(user, record -> counted(record, known, shown.counter()));
        // Not counted: it was used or removed in this moment.
        return verdict instanceof Verdict.Shown && !counted ? new Verdict.Wrong() : verdict;
    }

    /** A key that remembers a user remembers this one. */
    private static boolean isOf(Assertion answer, SecurityKey key) {
        return answer.handle().isEmpty()
                || MessageDigest.isEqual(
                        answer.handle().getBytes(StandardCharsets.UTF_8),
                        key.handle().getBytes(StandardCharsets.UTF_8));
    }

    private Optional<AccountRecord> counted(AccountRecord record, Credential known, long counter) {
        Instant now = clock.instant();
        if (record.keys().stream().noneMatch(key -> key.credential().equals(known))) {
            return Optional.empty();
        }
        return Optional.of(record.withKeys(record.keys().stream()
                .map(key -> key.credential().equals(known) ? key.usedAt(now, counter) : key)
                .toList()));
    }
}
