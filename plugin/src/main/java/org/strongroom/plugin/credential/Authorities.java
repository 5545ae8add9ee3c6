package org.strongroom.plugin.credential;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.strongroom.core.error.StrongroomException;

/** Whose certificates are trusted. Stateless. */
public final class Authorities {
    private Authorities() {}

    /**
     * TLS that trusts the certificates in this file and no others, or those that Java knows.
     *
     * @param setting that names the file, without {@code Strongroom}, for errors
     * @throws StrongroomException REFUSED if the file holds none
     */
    public static SSLContext of(String setting, Optional<Path> file) {
        try {
            if (file.isEmpty()) {
                return SSLContext.getDefault();
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate : read(setting, file.get())) {
                trusted.setCertificateEntry("authority-" + ++number, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return tls;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private static Collection<? extends Certificate> read(String setting, Path file) {
        Collection<? extends Certificate> found;
        try {
            byte[] content = Files.readAllBytes(file);
            found = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content));
        } catch (IOException e) {
            throw SecretFile.refused(setting, file, "cannot be read")
                    .cure("Make it readable for the user that runs Orthanc, or correct the path")
                    .causedBy(e);
        } catch (CertificateException e) {
            throw noCertificate(setting, file).causedBy(e);
        }
        if (found.isEmpty()) {
            throw noCertificate(setting, file);
        }
        return found;
    }

    private static StrongroomException noCertificate(String setting, Path file) {
        return SecretFile.refused(setting, file, "holds no certificate")
                .cure("Write the certificate of the authority into it, in PEM");
    }
}
