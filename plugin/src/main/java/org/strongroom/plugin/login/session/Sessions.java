package org.strongroom.plugin.login.session;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.share.ShareLink;

/**
 * Who is logged in, and which browsers were seen before. Kept in Home, so that a restart logs nobody out; that somebody came
 * or was sent away is durable at once, the time of the last request a little later ({@link #save}). Thread-safe.
 */
public final class Sessions {
    private static final Logger LOG = System.getLogger(Sessions.class.getName());
    private static final int MOST_OF_ONE_USER = 32;
    /** A clock that was set back further than this must not make a session longer. */
    private static final Duration CLOCK_SET_BACK = Duration.ofMinutes(1);

    public static final Duration DEVICE_LIFE = Duration.ofDays(90);
    private static final int MOST_DEVICES_OF_ONE_USER = 64;

    private final StateFile<Content> file;
    private final Duration idle;
    private final Duration absolute;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final List<Device> devices = new ArrayList<>();
    private final AtomicBoolean unsaved = new AtomicBoolean();

    /** What the file holds. */
    record Content(List<Session> sessions, List<Device> devices) {
        Content {
            sessions = sessions == null ? List.of() : List.copyOf(sessions);
            devices = devices == null ? List.of() : List.copyOf(devices);
        }
    }

    private Sessions(
            StateFile<Content> file, Duration idle, Duration absolute, InstantSource clock, SecureRandom random) {
        this.file = file;
        this.idle = idle;
        this.absolute = absolute;
        this.clock = clock;
        this.random = random;
    }

    /** Those of the last life. If their file is damaged there are none: everybody logs in again. */
    public static Sessions open(
            Path folder, Keyring keyring, Duration idle, Duration absolute, InstantSource clock, SecureRandom random)
            throws IOException {
        StateFile<Content> file = new StateFile<>(folder.resolve("sessions.strs"), "sessions", keyring, Content.class);
        Sessions sessions = new Sessions(file, idle, absolute, clock, random);
        try {
            file.read("the sessions are damaged", "Nothing is to be done").ifPresent(content -> {
                content.sessions().forEach(session -> sessions.sessions.put(session.id(), session));
                sessions.devices.addAll(content.devices());
            });
        } catch (StrongroomException e) {
            LOG.log(Level.WARNING, "Everybody has to log in again. " + e.getMessage());
        }
        return sessions;
    }

    /** Begins one and returns its secret, for a cookie. */
    public String begin(Account account, boolean secondFactor) {
        return begin(account.name(), account.stamp(), secondFactor, clock.instant());
    }

    /** Goes on with one under another secret: it is over when that one would have been. */
    public String goOn(Session before, Account account, boolean secondFactor) {
        return begin(account.name(), account.stamp(), secondFactor, before.begun());
    }

    /** Whether it is not over. */
    public boolean isOn(Session session) {
        Session now = sessions.get(session.id());
        return now != null && isGood(now, clock.instant());
    }

    /** Begins one of whoever holds the share link with this name, and returns its secret, for a cookie. */
    public String begin(ShareLink link) {
        return begin(link.name(), "", false, clock.instant());
    }

    private String begin(String user, String stamp, boolean secondFactor, Instant begun) {
        String token = Tokens.random(random);
        Session session = new Session(Tokens.hash(token), user, stamp, secondFactor, begun, clock.instant());
        synchronized (this) {
            of(user).stream().skip(MOST_OF_ONE_USER - 1L).forEach(old -> sessions.remove(old.id()));
            sessions.put(session.id(), session);
            write();
        }
        return token;
    }

    /** The session of this secret, used now; empty if there is none, it is over, or the clock stands before its last use. */
    public Optional<Session> find(String token) {
        Instant now = clock.instant();
        Session session = sessions.computeIfPresent(
                Tokens.hash(token), (id, found) -> isOver(found, now) ? null : found.usedAt(now));
        if (session != null) {
            unsaved.set(true);
        }
        return Optional.ofNullable(session).filter(found -> isGood(found, now));
    }

    /** A user's sessions, the last used first. */
    public List<Session> of(String user) {
        Instant now = clock.instant();
        return sessions.values().stream()
                .filter(session -> session.user().equals(user) && isGood(session, now))
                .sorted(Comparator.comparing(Session::used).reversed())
                .toList();
    }

    /** Ends every session that is {@code meant}, durably, and says how many. */
    public synchronized int end(Predicate<Session> meant) {
        int before = sessions.size();
        sessions.values().removeIf(meant);
        int ended = before - sessions.size();
        if (ended > 0) {
            write();
        }
        return ended;
    }

    /** Whether the user has logged in with this device, or from this place, before. */
    public synchronized boolean isKnown(String secret, String user) {
        String id = Tokens.hash(secret);
        Instant now = clock.instant();
        return devices.stream()
                .anyMatch(device -> device.id().equals(id)
                        && device.user().equals(user)
                        && device.until().isAfter(now));
    }

    /** Remembers for 90 days that the user has logged in with this device and from this place. */
    public synchronized void remember(String user, String device, String place) {
        Instant now = clock.instant();
        List<String> ids = List.of(Tokens.hash(device), Tokens.hash(place));
        devices.removeIf(
                known -> !known.until().isAfter(now) || (known.user().equals(user) && ids.contains(known.id())));
        ids.forEach(id -> devices.add(new Device(id, user, now.plus(DEVICE_LIFE))));
        List<Device> own =
                devices.stream().filter(known -> known.user().equals(user)).toList();
        devices.removeAll(own.subList(0, Math.max(0, own.size() - MOST_DEVICES_OF_ONE_USER)));
        write();
    }

    /** Whether anybody has logged in with this device before. */
    public synchronized boolean isDevice(String secret) {
        String id = Tokens.hash(secret);
        return devices.stream().anyMatch(device -> device.id().equals(id));
    }

    /** Forgets all devices of a user. */
    public synchronized void forgetDevices(String user) {
        if (devices.removeIf(device -> device.user().equals(user))) {
            write();
        }
    }

    /** Writes down when sessions were used last, if any was, and forgets those that are over. */
    public synchronized void save() {
        if (unsaved.get()) {
            Instant now = clock.instant();
            sessions.values().removeIf(session -> isOver(session, now));
            write();
        }
    }

    private void write() {
        unsaved.set(false);
        try {
            file.write(new Content(List.copyOf(sessions.values()), devices));
        } catch (RuntimeException e) {
            unsaved.set(true); // what could not be promised now is written as soon as it can be
            throw e;
        }
    }

    /** One of a time to come is kept: a clock may stand wrong after a start, until it is set. */
    private boolean isGood(Session session, Instant now) {
        return !isOver(session, now) && !now.isBefore(session.used().minus(CLOCK_SET_BACK));
    }

    private boolean isOver(Session session, Instant now) {
        return !now.isBefore(session.used().plus(idle))
                || !now.isBefore(session.begun().plus(absolute));
    }
}
