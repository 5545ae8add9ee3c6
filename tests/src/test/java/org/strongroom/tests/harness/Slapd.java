package org.strongroom.tests.harness;

import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFException;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Debian's OpenLDAP server on this machine, with people, groups and memberOf. It takes passwords over TLS only; its certificate is {@code
 * localhost}'s, of {@link Certificates}. Not thread-safe.
 */
public final class Slapd implements AutoCloseable {
    public static final String SUFFIX = "dc=clinic,dc=example";
    /** May read everything but passwords. */
    public static final String READER = "cn=strongroom," + SUFFIX;

    public static final String READERS_PASSWORD = "of the reader";
    private static final String ROOT = "cn=root," + SUFFIX;

    /** For ldap:// and StartTLS. */
    public final int port = Ports.free();
    /** For ldaps://. */
    public final int tlsPort = Ports.free();

    private final Path folder;
    private Process process;

    /** An empty one, running. */
    public Slapd(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder.resolve("db"));
            new Certificates(folder);
            Files.writeString(folder.resolve("slapd.conf"), configuration());
            start();
            edit(root -> {
                root.add(
                        "dn: " + SUFFIX,
                        "objectClass: dcObject",
                        "objectClass: organization",
                        "o: Clinic",
                        "dc: clinic");
                root.add("dn: ou=people," + SUFFIX, "objectClass: organizationalUnit", "ou: people");
                root.add("dn: ou=groups," + SUFFIX, "objectClass: organizationalUnit", "ou: groups");
                root.add(
                        "dn: " + READER,
                        "objectClass: organizationalRole",
                        "objectClass: simpleSecurityObject",
                        "cn: strongroom",
                        "userPassword: " + READERS_PASSWORD);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String configuration() {
        return """
                include /etc/ldap/schema/core.schema
                include /etc/ldap/schema/cosine.schema
                include /etc/ldap/schema/inetorgperson.schema
                modulepath /usr/lib/ldap
                moduleload back_mdb
                moduleload memberof
                moduleload ppolicy
                pidfile HERE/pid
                argsfile HERE/args
                TLSCACertificateFile HERE/ca.pem
                TLSCertificateFile HERE/localhost.pem
                TLSCertificateKeyFile HERE/localhost.key
                security simple_bind=112
                database mdb
                suffix SUFFIX
                rootdn ROOT
                rootpw root
                directory HERE/db
                maxsize 16777216
                overlay memberof
                overlay ppolicy
                access to attrs=userPassword by anonymous auth by * none
                access to * by dn.exact=READER read by * none
                """
                .replace("HERE", folder.toString())
                .replace("SUFFIX", '"' + SUFFIX + '"')
                .replace("ROOT", '"' + ROOT + '"')
                .replace("READER", '"' + READER + '"');
    }

    /** The file in PEM of one of {@link Certificates}. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    public void start() {
        try {
            String addresses = "ldap://127.0.0.1:" + port + "/ ldaps://127.0.0.1:" + tlsPort + "/";
            process = new ProcessBuilder("/usr/sbin/slapd", "-h", addresses, "-f", folder + "/slapd.conf", "-d", "0")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            edit(root -> {});
            return true;
        });
    }

    /** With kill -9. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops it in the midst of whatever it does, or lets it go on. */
    public void signal(String name) {
        Command.of("kill", "-" + name, process.pid()).run().orFail();
    }

    /** What whoever owns the directory does. */
    @FunctionalInterface
    public interface Edit {
        void on(LDAPConnection root) throws LDAPException, LDIFException;
    }

    public void edit(Edit edit) {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis(10_000);
        options.setResponseTimeoutMillis(10_000);
        try (LDAPConnection root = new LDAPConnection(
                new SSLUtil(new TrustAllTrustManager()).createSSLSocketFactory(), options, "127.0.0.1", tlsPort)) {
            root.bind(ROOT, "root");
            edit.on(root);
        } catch (LDAPException | LDIFException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The DN of a person of this name. */
    public static String person(String name) {
        return "uid=" + name + ",ou=people," + SUFFIX;
    }

    /** The DN of a group of this name. */
    public static String group(String name) {
        return "cn=" + name + ",ou=groups," + SUFFIX;
    }

    /** @param more lines of LDIF */
    public void add(String dn, String name, String password, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "dn: " + dn, "objectClass: inetOrgPerson", "cn: " + name, "sn: " + name, "userPassword: " + password));
        lines.add("uid: " + name);
        lines.addAll(List.of(more));
        edit(root -> root.add(lines.toArray(new String[0])));
    }

    public void add(String name, String password) {
        add(person(name), name, password);
    }

    /** A new group with these DNs as its members. */
    public void addGroup(String name, String... members) {
        List<String> lines = new ArrayList<>(List.of("dn: " + group(name), "objectClass: groupOfNames", "cn: " + name));
        for (String member : members) {
            lines.add("member: " + member);
        }
        edit(root -> root.add(lines.toArray(new String[0])));
    }

    /** Takes a member out of a group that has others. */
    public void remove(String group, String member) {
        edit(root -> root.modify(group(group), new Modification(ModificationType.DELETE, "member", member)));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
