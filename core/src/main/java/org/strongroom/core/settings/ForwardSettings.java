package org.strongroom.core.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Somebody who gets every event of the audit log. Tokens and keys come from files or variables, never from here. Immutable. */
public record ForwardSettings(
        @Setting(
                        text = "Where to: syslog+tls://HOST:PORT or syslog+udp://HOST:PORT (DICOM audit messages),"
                                + " fhir+https://HOST/BASE (FHIR AuditEvent), https://HOST/PATH (JSON lines, posted)"
                                + " or file:///PATH (JSON lines).")
                ForwardAddress address,
        @Setting(
                        text = "The first event that is sent when the destination is new: \"now\", the next one, or"
                                + " \"beginning\", the first of the log.",
                        byDefault = "now")
                String from,
        @Setting(text = "What was signed and is not there after this long is a problem.", byDefault = "1 h")
                Duration alarm,
        @Setting(
                        text = "File with the certificates (PEM) of those who may have signed the receiver's.",
                        otherwise = "those that Java knows")
                Optional<Path> authorities,
        @Setting(text = "File with our own certificate (PEM), its chain behind it.", otherwise = "none is shown")
                Optional<Path> certificate,
        @Setting(
                        text = "File with its private key (PEM, PKCS#8). Readable by the sidecar's user only.",
                        otherwise = "none",
                        silent = true)
                Optional<Path> certificateKey,
        @Setting(
                        text = "File with a bearer token (its first line). Readable by the sidecar's user only.",
                        otherwise = "none",
                        silent = true)
                Optional<Path> tokenFile,
        @Setting(text = "Name of the sidecar's environment variable that holds it.", otherwise = "none", silent = true)
                Optional<String> tokenEnv) {
    public ForwardSettings {
        ForwardAddress to = address;
        String begin = from;
        Optional<Path> own = certificate;
        Optional<Path> key = certificateKey;
        boolean token = tokenFile.isPresent() || tokenEnv.isPresent();
        boolean both = tokenFile.isPresent() && tokenEnv.isPresent();
        boolean tls = authorities.isPresent() || own.isPresent();
        Problems.check(problems -> {
            if (tls && !to.isEncrypted()) {
                problems.add("Address", to + " is not encrypted: leave out Authorities and Certificate");
            }
            if (token && !to.takesToken()) {
                problems.add("Address", to + " takes no token: leave out TokenFile and TokenEnv");
            }
            if (!begin.equals("now") && !begin.equals("beginning")) {
                problems.add("From", "\"" + begin + "\" is no place to begin: write \"now\" or \"beginning\"");
            }
            if (own.isPresent() != key.isPresent()) {
                problems.add(
                        own.isPresent() ? "CertificateKey" : "Certificate",
                        "missing: a certificate and its key are of use only together");
            }
            if (both) {
                problems.add("TokenEnv", "there is TokenFile as well: write one of them");
            }
        });
    }
}
