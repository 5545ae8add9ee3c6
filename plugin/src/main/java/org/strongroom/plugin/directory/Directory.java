package org.strongroom.plugin.directory;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.DirectorySettings;
import org.strongroom.core.time.RunningTime;

/**
 * The directory of {@code Access.Directory}. What it says of a password takes as many questions whoever is named, so that its time does
 * not tell who there is. Thread-safe; a call takes some milliseconds, and seconds while servers do not answer.
 */
public final class Directory {
    /** No user's name: parentheses are not allowed in one. */
    private static final String NOBODY = "(nobody)";

    private static final int RANDOM_BYTES = 16;

    /** What a server that works says of a bind that it does not accept. */
    private static final Set<ResultCode> NO = Set.of(
            ResultCode.INVALID_CREDENTIALS,
            ResultCode.NO_SUCH_OBJECT,
            ResultCode.INVALID_DN_SYNTAX,
            ResultCode.INAPPROPRIATE_AUTHENTICATION,
            ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
            ResultCode.UNWILLING_TO_PERFORM,
            ResultCode.CONSTRAINT_VIOLATION);

    private final DirectorySettings settings;
    private final Servers servers;
    private final Lookup lookup;
    private final SecureRandom random = new SecureRandom();

    /**
     * Asks nobody yet.
     *
     * @param environment of this process, where the password of the bind account may be
     * @param trouble told when no server answers any more, and why, and, with nothing, when one does again
     * @throws StrongroomException REFUSED if a DN or filter is none, or the password or the certificates are not where the settings say
     */
    public Directory(
            DirectorySettings settings,
            Map<String, String> environment,
            InstantSource clock,
            Consumer<Optional<String>> trouble) {
        this.settings = settings;
        this.lookup = new Lookup(settings, clock);
        this.servers = new Servers(settings, new Connections(settings, environment), RunningTime.system(), trouble);
    }

    /**
     * Whether this is the password of {@code name}, and what they may then. An empty password is nobody's.
     *
     * @throws StrongroomException UNAVAILABLE if no server answers
     */
    public Verdict check(String name, Secret password) {
        return servers.ask(connection -> check(connection, name, password));
    }

    /** Does what {@link #check} does for a name that the directory does not have: for one that is looked for elsewhere. */
    public void pretend(Secret password) {
        check(NOBODY, password);
    }

    /**
     * What somebody may who has shown before who they are.
     *
     * @throws StrongroomException UNAVAILABLE if no server answers
     */
    public Verdict find(String name) {
        return servers.ask(
                connection -> lookup.find(connection, name, stranger()).verdict());
    }

    /**
     * Asks about nobody.
     *
     * @throws StrongroomException UNAVAILABLE if no server answers
     */
    public void probe() {
        find(NOBODY);
    }

    /** Whether no server answered when one was asked last. */
    public boolean isSilent() {
        return servers.isSilent();
    }

    /** How often {@link #find} is to be asked again of somebody who is logged in. */
    public Duration recheck() {
        return settings.recheck();
    }

    /** How long what it said counts while no server answers. */
    public Duration outage() {
        return settings.outage();
    }

    private Verdict check(LDAPConnection connection, String name, Secret password) throws LDAPException {
        String stranger = stranger();
        Lookup.Found found = lookup.find(connection, name, stranger);
        // A bind without a password is no check: servers answer it with success (RFC 4513 §5.1.2).
        boolean possible = found.dn().isPresent() && !password.reveal().isEmpty();
        boolean accepted =
                binds(connection, possible ? found.dn().get() : stranger, possible ? password : Secret.of(hex()));
        if (found.dn().isEmpty() || (possible && accepted)) {
            return found.verdict();
        }
        return new Verdict.Out(nameOf(found.verdict()), "wrong password");
    }

    private static Optional<String> nameOf(Verdict verdict) {
        if (verdict instanceof Verdict.In in) {
            return Optional.of(in.member().name());
        }
        return ((Verdict.Out) verdict).name();
    }

    private static boolean binds(LDAPConnection connection, String dn, Secret password) throws LDAPException {
        try {
            return connection
                    .bind(new SimpleBindRequest(dn, password.reveal()))
                    .getResultCode()
                    .equals(ResultCode.SUCCESS);
        } catch (LDAPException e) {
            if (NO.contains(e.getResultCode())) {
                return false;
            }
            throw e;
        }
    }

    /** A DN that nobody has. */
    private String stranger() {
        return "cn=nobody-" + hex() + "," + settings.base();
    }

    private String hex() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
