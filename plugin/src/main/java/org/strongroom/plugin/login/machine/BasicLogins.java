package org.strongroom.plugin.login.machine;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.HmacSha256;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.account.Checked;
import org.strongroom.plugin.login.account.People;
import org.strongroom.plugin.login.attempt.Guard;
import org.strongroom.plugin.login.attempt.LoginAudit;
import org.strongroom.plugin.login.attempt.Throttle.Attempt;
import org.strongroom.plugin.login.factor.AccountRecords;

/**
 * HTTP Basic, for roles that may: a name and a password in every request. What was right is remembered for some minutes, or each
 * image of a series would cost an Argon2. Thread-safe.
 */
public final class BasicLogins {
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 256;
    private static final int LONGEST = 4096;

    private final People people;
    private final Guard guard;
    private final AccountRecords records;
    private final LoginAudit audit;
    private final InstantSource clock;
    private final byte[] key;
    private final Map<String, Right> right = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Right> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @param stamp of the account then: another one is another password or person */
    private record Right(Instant until, String stamp) {}

    public BasicLogins(
            People people,
            Guard guard,
            AccountRecords records,
            LoginAudit audit,
            InstantSource clock,
            SecureRandom random) {
        this.people = people;
        this.guard = guard;
        this.records = records;
        this.audit = audit;
        this.clock = clock;
        this.key = Key32.random(random).toBytes();
    }

    /** @param credentials base64 of name, colon, password */
    public Authentication check(String credentials, String source) {
        String text = decode(credentials);
        int colon = text.indexOf(':');
        if (colon < 1) {
            return new Authentication.Refused("not the credentials of HTTP Basic");
        }
        String user = people.named(text.substring(0, colon));
        // A keyed hash under a key of this process: nothing that a dump of memory could be searched for.
        String seen = HexFormat.of().formatHex(HmacSha256.of(key, text.getBytes(StandardCharsets.UTF_8)));
        Optional<Right> remembered = remembered(seen);
        if (remembered.isPresent()) {
            Optional<Account> account = people.find(user);
            if (account.filter(same -> same.stamp().equals(remembered.get().stamp()))
                    .isPresent()) {
                return permitted(user, account);
            }
        }
        Attempt attempt = guard.attempt("password", user, source, Optional.empty());
        if (!attempt.permitted()) {
            return new Authentication.Refused("too many attempts");
        }
        Checked checked = check(attempt, user, Secret.of(text.substring(colon + 1)), source);
        if (checked.account().isEmpty()) {
            audit.failed(attempt, checked.known(), source, checked.why() + " by HTTP Basic");
            if (checked.unanswered()) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "passwords cannot be checked now")
                        .cure("Try again in a minute");
            }
            return new Authentication.Refused("wrong name or password");
        }
        guard.succeeded(attempt);
        Authentication answer = permitted(user, checked.account());
        if (answer instanceof Authentication.Refused refused) {
            audit.refused(user, source, refused.reason());
        } else {
            String how = "HTTP Basic, " + checked.account().get().passwordWords();
            audit.done(AuditType.LOGIN, user, source, how);
        }
        remember(seen, checked.account().get().stamp()); // whether it is permitted is asked each time
        return answer;
    }

    private Checked check(Attempt attempt, String user, Secret password, String source) {
        try {
            return people.check(user, password);
        } catch (StrongroomException e) {
            guard.takeBack(attempt);
            audit.unanswered(source, e.text());
            throw e;
        }
    }

    private Authentication permitted(String user, Optional<Account> account) {
        if (account.isEmpty() || !account.get().basic()) {
            return new Authentication.Refused("no role of this user allows HTTP Basic");
        }
        if (account.get().secondFactor() || records.of(user).hasSecondFactor()) {
            return new Authentication.Refused("HTTP Basic cannot carry this user's second factor");
        }
        return new Authentication.User(account.get().principal(), Authentication.Means.BASIC, false);
    }

    private Optional<Right> remembered(String seen) {
        synchronized (right) {
            return Optional.ofNullable(right.get(seen))
                    .filter(known -> clock.instant().isBefore(known.until()));
        }
    }

    private void remember(String seen, String stamp) {
        synchronized (right) {
            right.remove(seen);
            right.put(seen, new Right(clock.instant().plus(REMEMBERED), stamp));
        }
    }

    private static String decode(String credentials) {
        if (credentials.length() > LONGEST) {
            return "";
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(credentials)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return "";
        }
    }
}
