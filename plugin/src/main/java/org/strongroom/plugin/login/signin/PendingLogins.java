package org.strongroom.plugin.login.signin;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.session.Session;
import org.strongroom.plugin.login.signin.Outcome.Step;

/**
 * Logins between their first step and their last, by the hash of their tickets. Few of each user are kept, so that nobody pushes out
 * another's; one that was begun by somebody who is logged in ends with that session. Thread-safe.
 */
final class PendingLogins {
    private static final int MOST = 1000;
    private static final int MOST_OF_ONE_USER = 8;

    private final Predicate<Session> isOn;
    private final InstantSource clock;
    private final Map<String, Pending> all = new LinkedHashMap<>();

    PendingLogins(Predicate<Session> isOn, InstantSource clock) {
        this.isOn = isOn;
        this.clock = clock;
    }

    synchronized void begin(String ticket, Pending login) {
        all.values().removeIf(one -> !isLive(one));
        String user = login.account().name();
        List<String> own = all.entrySet().stream()
                .filter(one -> one.getValue().account().name().equals(user))
                .map(Map.Entry::getKey)
                .toList();
        own.stream().limit(Math.max(0, own.size() - MOST_OF_ONE_USER + 1L)).forEach(all::remove);
        if (all.size() == MOST) {
            all.remove(all.keySet().iterator().next());
        }
        all.put(Tokens.hash(ticket), login);
    }

    synchronized Optional<Pending> find(String ticket) {
        return Optional.ofNullable(all.get(Tokens.hash(ticket))).filter(this::isLive);
    }

    Optional<Pending> find(String ticket, Step asked) {
        return find(ticket).filter(login -> login.asked() == asked);
    }

    private boolean isLive(Pending login) {
        boolean over = login.wish().kind() != Wish.Kind.ENTER
                && login.since().filter(isOn.negate()).isPresent();
        return clock.instant().isBefore(login.ends()) && !over;
    }

    /** How it stands now; one that has ended meanwhile stays so. */
    synchronized void change(String ticket, Pending login) {
        all.computeIfPresent(Tokens.hash(ticket), (hash, before) -> login);
    }

    /** What a key has to sign for a step, once. */
    synchronized Optional<String> takeChallenge(String ticket, Step asked) {
        Optional<Pending> login = find(ticket, asked);
        login.ifPresent(found -> change(ticket, found.answered()));
        return login.flatMap(Pending::challenge);
    }

    synchronized void end(String ticket) {
        all.remove(Tokens.hash(ticket));
    }

    /** Ends a user's other ones: they have shown what may be good no more. */
    synchronized void endOthers(String user, String ticket) {
        String kept = Tokens.hash(ticket);
        all.entrySet()
                .removeIf(one -> one.getValue().account().name().equals(user)
                        && !one.getKey().equals(kept));
    }
}
