package org.strongroom.plugin.login.machine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.account.People;
import org.strongroom.plugin.login.factor.AccountRecord;
import org.strongroom.plugin.login.factor.AccountRecords;
import org.strongroom.plugin.login.factor.AppToken;
import org.strongroom.plugin.login.secret.Tokens;

/**
 * What machines show in place of a password: {@code strongroom_ID_SECRET}. Made for one user, shown once, good until a day, for some
 * of what the user may do. Thread-safe.
 */
public final class AppTokens {
    private static final Pattern FORM = Pattern.compile("strongroom_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
    private static final Pattern SCOPE = Pattern.compile("[a-z*][a-z0-9*,:-]{0,99}");
    private static final int ID_BYTES = 8;
    private static final int LONGEST_LABEL = 100;
    private static final int MOST = 50;

    private final People people;
    private final AccountRecords records;
    private final Duration longest;
    private final InstantSource clock;
    private final SecureRandom random;

    public AppTokens(
            People people, AccountRecords records, Duration longest, InstantSource clock, SecureRandom random) {
        this.people = people;
        this.records = records;
        this.longest = longest;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A new token, which is known to nobody once this answer is gone.
     *
     * @param life shortened to what the settings allow
     * @throws StrongroomException REFUSED for a label or a scope that is none, or if the user has very many
     */
    public String make(String user, String label, List<String> scope, Duration life) {
        if (label.isBlank() || label.length() > LONGEST_LABEL || !scope.stream().allMatch(this::isScope)) {
            throw StrongroomException.of(FailureKind.REFUSED, "not a label, or not a scope, of an app token")
                    .cure("Say in a few words what it is for; a scope is a list of permissions such as study:view");
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        String secret = Tokens.random(random);
        Instant now = clock.instant();
        Duration good = life.compareTo(longest) > 0 ? longest : life;
        AppToken token = new AppToken(id, Tokens.hash(secret), label, scope, now, now.plus(good));
        boolean made = records.change(user, record -> {
            List<AppToken> all = new ArrayList<>(living(record));
            all.add(token);
            return all.size() > MOST ? Optional.empty() : Optional.of(record.with(all));
        });
        if (!made) {
            throw StrongroomException.of(FailureKind.REFUSED, "this user has too many app tokens")
                    .cure("Revoke those that are not used any more");
        }
        return "strongroom_" + id + "_" + secret;
    }

    private boolean isScope(String scope) {
        return SCOPE.matcher(scope).matches();
    }

    public List<AppToken> of(String user) {
        return living(records.of(user));
    }

    private List<AppToken> living(AccountRecord record) {
        Instant now = clock.instant();
        return record.tokens().stream()
                .filter(token -> now.isBefore(token.until()))
                .toList();
    }

    /** Whether there was such a token. */
    public boolean revoke(String user, String id) {
        return records.change(user, record -> {
            List<AppToken> left = record.tokens().stream()
                    .filter(token -> !token.id().equals(id))
                    .toList();
            return left.size() == record.tokens().size() ? Optional.empty() : Optional.of(record.with(left));
        });
    }

    /** Who shows this token. */
    public Authentication check(String shown) {
        Matcher parts = FORM.matcher(shown);
        if (!parts.matches()) {
            return new Authentication.Refused("not an app token");
        }
        byte[] hash = Tokens.hash(parts.group(2)).getBytes(StandardCharsets.US_ASCII);
        for (AccountRecord record : records.all()) {
            for (AppToken token : living(record)) {
                boolean right = token.id().equals(parts.group(1))
                        && MessageDigest.isEqual(token.hash().getBytes(StandardCharsets.US_ASCII), hash);
                if (right) {
                    return owned(record.user(), token);
                }
            }
        }
        return new Authentication.Refused("no such app token, or not any more");
    }

    private Authentication owned(String user, AppToken token) {
        Optional<Account> owner = people.find(user);
        if (owner.isEmpty()) {
            return new Authentication.Refused("an app token of somebody who is no user any more");
        }
        Principal principal = owner.get().principal().within(token.scope());
        return new Authentication.User(principal, Authentication.Means.TOKEN, false);
    }
}
