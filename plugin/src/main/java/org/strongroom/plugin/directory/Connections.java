package org.strongroom.plugin.directory;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.DirectoryAddress;
import org.strongroom.core.settings.DirectorySettings;
import org.strongroom.plugin.credential.Authorities;
import org.strongroom.plugin.credential.Credential;

/** Opens connections on which everything may be asked that the bind account may: encrypted, to the server that was meant. Thread-safe. */
final class Connections {
    private static final String SETTING = "Access.Directory.";
    private static final int LONGEST_REASON = 300;

    private final DirectorySettings settings;
    private final Optional<Credential> password;
    private final SSLContext tls;

    /** This server is of no use now; the message says why, for the log. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why, Throwable cause) {
            super(why, cause);
        }
    }

    /**
     * @param environment of this process, where the password may be
     * @throws StrongroomException REFUSED if the password or the certificates are not where the settings say
     */
    Connections(DirectorySettings settings, Map<String, String> environment) {
        this.settings = settings;
        this.password = settings.bindDN()
                .map(name -> new Credential(
                        SETTING + "BindPassword",
                        settings.bindPasswordFile(),
                        settings.bindPasswordEnv(),
                        environment));
        password.ifPresent(place -> Arrays.fill(place.read(), (byte) 0));
        this.tls = Authorities.of(SETTING + "Authorities", settings.authorities());
    }

    /** A new one, which the caller closes. */
    LDAPConnection open(DirectoryAddress server) throws Refused {
        LDAPConnection connection = connect(server);
        try {
            encrypt(connection, server);
            bind(connection);
            return connection;
        } catch (LDAPException e) {
            connection.close();
            throw refused(e);
        } catch (StrongroomException e) {
            connection.close();
            throw new Refused(e.getMessage(), e);
        }
    }

    private LDAPConnection connect(DirectoryAddress server) throws Refused {
        SocketFactory sockets = server.isTls() ? sockets(server) : SocketFactory.getDefault();
        try {
            return new LDAPConnection(sockets, options(), server.host(), server.port());
        } catch (LDAPException e) {
            throw refused(e);
        }
    }

    private LDAPConnectionOptions options() {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        int milliseconds = (int) settings.timeout().toMillis();
        options.setConnectTimeoutMillis(2 * milliseconds); // of TCP and of TLS, each of which TlsSockets ends
        options.setResponseTimeoutMillis(milliseconds);
        options.setUseSynchronousMode(true); // no thread of its own for each connection
        options.setFollowReferrals(false); // a password goes where the settings say
        options.setBindWithDNRequiresPassword(true);
        return options;
    }

    private TlsSockets sockets(DirectoryAddress server) {
        return new TlsSockets(tls, server.host(), settings.timeout());
    }

    private void encrypt(LDAPConnection connection, DirectoryAddress server) throws LDAPException {
        if (settings.startTls()) {
            require(connection.processExtendedOperation(new StartTLSExtendedRequest(sockets(server))));
        }
    }

    private void bind(LDAPConnection connection) throws LDAPException {
        if (password.isPresent()) {
            byte[] secret = password.get().read();
            try {
                require(connection.bind(new SimpleBindRequest(settings.bindDN().orElseThrow(), secret)));
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    private static void require(LDAPResult result) throws LDAPException {
        if (!result.getResultCode().equals(ResultCode.SUCCESS)) {
            throw new LDAPException(result);
        }
    }

    private static Refused refused(LDAPException e) {
        ResultCode code = e.getResultCode();
        String cure = code.equals(ResultCode.INVALID_CREDENTIALS)
                ? "it refuses BindDN with this password"
                : "see that it runs, that its certificate is of Authorities and for this host name";
        String reason = reason(e);
        return new Refused("result " + code.intValue() + " (" + code.getName() + "); " + cure + " [" + reason + "]", e);
    }

    /** What is at the bottom of it, in one line; the library wraps it several times. */
    private static String reason(LDAPException e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String said = String.valueOf(deepest.getMessage())
                .replaceAll(", ldapSDKVersion=.*", "")
                .replaceAll("[^\\x20-\\x7e]+", " ")
                .strip();
        return said.length() > LONGEST_REASON ? said.substring(0, LONGEST_REASON) : said;
    }
}
