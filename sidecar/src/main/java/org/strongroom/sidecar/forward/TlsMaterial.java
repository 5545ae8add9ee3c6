package org.strongroom.sidecar.forward;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.ForwardSettings;

/** What TLS needs, from PEM files. Read anew after every failure, so that a renewed certificate needs no restart. Stateless. */
final class TlsMaterial {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");
    /** Of a key store that is only in memory. */
    private static final char[] NONE = new char[0];

    private TlsMaterial() {}

    /** @throws StrongroomException REFUSED if a file is missing, or is not what the settings say */
    static SSLContext of(ForwardSettings settings) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(ownKey(settings), authorities(settings.authorities()), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw StrongroomException.of(FailureKind.REFUSED, "a certificate or key for forwarding cannot be read")
                    .cure(
                            "Look at Authorities, Certificate and CertificateKey: PEM files, readable by the sidecar's user")
                    .causedBy(e);
        }
    }

    private static TrustManager[] authorities(Optional<Path> file) throws GeneralSecurityException, IOException {
        if (file.isEmpty()) {
            return null; // Java's own
        }
        KeyStore store = empty();
        int number = 0;
        for (Certificate certificate : certificates(file.get())) {
            store.setCertificateEntry("authority-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] ownKey(ForwardSettings settings) throws GeneralSecurityException, IOException {
        if (settings.certificate().isEmpty()) {
            return null; // none is shown
        }
        KeyStore store = empty();
        Certificate[] chain = certificates(settings.certificate().get()).toArray(Certificate[]::new);
        store.setKeyEntry("own", key(settings.certificateKey().orElseThrow()), NONE, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NONE);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (found.isEmpty()) {
            throw new IOException("no certificate in the file");
        }
        return found;
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException("no PKCS#8 key in the file");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        GeneralSecurityException last = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }
}
