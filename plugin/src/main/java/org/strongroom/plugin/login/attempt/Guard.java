package org.strongroom.plugin.login.attempt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.plugin.login.attempt.Throttle.Attempt;
import org.strongroom.plugin.login.attempt.Throttle.Limit;
import org.strongroom.plugin.login.request.Source;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.session.Sessions;

/**
 * Whose attempts slow down whose. Strangers who guess at a user's password make strangers wait, not the user: who has logged in
 * before with this browser is counted alone, and who has from this place does not wait for what comes from elsewhere. Nobody
 * waits longer than a quarter of an hour; all browsers of one address together, which may be a whole clinic, not longer than a
 * minute. Thread-safe.
 */
public final class Guard {
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration LONGEST_OF_A_PLACE = Duration.ofMinutes(1);
    private static final int FREE = 5;
    private static final int FREE_OF_A_DEVICE = 10;
    private static final int FREE_OF_STRANGERS = 20;
    private static final int FREE_OF_A_PLACE = 50;

    private final Throttle throttle;
    private final Sessions sessions;

    public Guard(Throttle throttle, Sessions sessions) {
        this.throttle = throttle;
        this.sessions = sessions;
    }

    /**
     * Asks for an attempt to show {@code what}, which is counted for itself.
     *
     * @param user as typed; whether there is one makes no difference
     */
    public Attempt attempt(String what, String user, String source, Optional<String> device) {
        String name = Tokens.hash(user);
        String place = Source.network(source);
        List<Limit> limits = new ArrayList<>();
        if (device.isPresent() && sessions.isKnown(device.get(), user)) {
            String key = what + " device " + Tokens.hash(device.get()) + " " + name;
            limits.add(new Limit(key, FREE_OF_A_DEVICE, LONGEST, true));
        } else {
            limits.add(new Limit(what + " " + name + " from " + place, FREE, LONGEST, true));
            limits.add(new Limit(what + " from " + place, FREE_OF_A_PLACE, LONGEST_OF_A_PLACE, false));
            if (!sessions.isKnown(place, user)) {
                limits.add(new Limit(what + " " + name, FREE_OF_STRANGERS, LONGEST, false));
            }
        }
        return throttle.begin(limits);
    }

    /** The same where nobody is named: counted for the place. */
    public Attempt attempt(String what, String source) {
        String key = what + " from " + Source.network(source);
        return throttle.begin(List.of(new Limit(key, FREE_OF_A_PLACE, LONGEST_OF_A_PLACE, false)));
    }

    /** The attempt was none: there was nobody to say whether it was right. */
    public void takeBack(Attempt attempt) {
        throttle.takeBack(attempt);
    }

    public void succeeded(Attempt attempt) {
        throttle.succeeded(attempt);
    }
}
