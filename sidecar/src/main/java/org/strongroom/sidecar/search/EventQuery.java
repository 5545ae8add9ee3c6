package org.strongroom.sidecar.search;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;

/**
 * Which events are asked for; of every set that is not empty an event has to have one. Immutable.
 *
 * @param users accounts, machines or parts that did it
 * @param keys key ids of studies that it is about
 * @param everything whether an export of everything is about each of these studies
 * @param since then or later: when it happened, which may be before it could be recorded
 * @param until before then
 * @param details all of them
 */
public record EventQuery(
        Set<String> users,
        Set<String> tenants,
        Set<AuditType> types,
        Set<AuditOutcome> outcomes,
        Set<String> keys,
        boolean everything,
        Optional<Instant> since,
        Optional<Instant> until,
        Map<String, String> details) {
    /** Every event. */
    public static final EventQuery ALL = new EventQuery(
            Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), false, Optional.empty(), Optional.empty(), Map.of());

    public EventQuery {
        users = Set.copyOf(users);
        tenants = Set.copyOf(tenants);
        types = Set.copyOf(types);
        outcomes = Set.copyOf(outcomes);
        keys = Set.copyOf(keys);
        details = Map.copyOf(details);
    }

    /** The same, done by this one. */
    public EventQuery by(String user) {
        return new EventQuery(Set.of(user), tenants, types, outcomes, keys, everything, since, until, details);
    }

    /** The same, of this tenant's. */
    public EventQuery ofTenant(String tenant) {
        return new EventQuery(users, Set.of(tenant), types, outcomes, keys, everything, since, until, details);
    }

    /** The same, of one of these types. */
    public EventQuery of(Set<AuditType> some) {
        return new EventQuery(users, tenants, some, outcomes, keys, everything, since, until, details);
    }

    /** The same, about one of the studies that these keys seal. */
    public EventQuery about(Set<String> some) {
        return new EventQuery(users, tenants, types, outcomes, some, everything, since, until, details);
    }

    /** The same, and exports of everything, which are about these studies as well. */
    public EventQuery orEverything() {
        return new EventQuery(users, tenants, types, outcomes, keys, true, since, until, details);
    }

    /** The same, between two times. */
    public EventQuery between(Optional<Instant> from, Optional<Instant> to) {
        return new EventQuery(users, tenants, types, outcomes, keys, everything, from, to, details);
    }

    /** The same, with this detail. */
    public EventQuery with(String name, String value) {
        return new EventQuery(users, tenants, types, outcomes, keys, everything, since, until, Map.of(name, value));
    }

    boolean matches(AuditEntry entry) {
        AuditEvent event = entry.event();
        return among(users, event.principal())
                && among(tenants, event.tenant())
                && among(types, Optional.of(event.type()))
                && among(outcomes, Optional.of(event.outcome()))
                && (among(keys, Optional.ofNullable(event.details().get(Terms.KEY)))
                        || (everything && isOfEverything(event)))
                && since.filter(entry.happened()::isBefore).isEmpty()
                && until.filter(end -> !entry.happened().isBefore(end)).isEmpty()
                && event.details().entrySet().containsAll(details.entrySet());
    }

    private static boolean isOfEverything(AuditEvent event) {
        return event.type() == AuditType.EXPORT && "all".equals(event.details().get("what"));
    }

    private static <T> boolean among(Set<T> wanted, Optional<T> is) {
        return wanted.isEmpty() || is.filter(wanted::contains).isPresent();
    }

    /** Terms, of each set of which an event must have one. */
    List<Set<String>> terms() {
        List<Set<String>> all = new ArrayList<>();
        add(all, users, Terms::user);
        add(all, tenants, Terms::tenant);
        add(all, types, Terms::type);
        add(all, outcomes, Terms::outcome);
        if (!keys.isEmpty()) {
            Set<String> terms = keys.stream().map(Terms::key).collect(Collectors.toSet());
            if (everything) {
                terms.add(Terms.type(AuditType.EXPORT));
            }
            all.add(terms);
        }
        Optional.ofNullable(details.get(Terms.KEY)).ifPresent(key -> all.add(Set.of(Terms.key(key))));
        return all;
    }

    private static <T> void add(List<Set<String>> all, Set<T> values, Function<T, String> term) {
        if (!values.isEmpty()) {
            all.add(values.stream().map(term).collect(Collectors.toUnmodifiableSet()));
        }
    }
}
