package org.strongroom.sidecar.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strongroom.core.settings.OrthancSettings;

/** Who may come in: HTTP and DICOM. */
final class OrthancDoors {
    private static final Map<String, String> WELL_KNOWN = Map.of(
            "orthanc", "orthanc", "demo", "demo", "demo-user", "demo-user", "alice", "alicePassword", "admin", "admin");

    private OrthancDoors() {}

    static List<Finding> examine(OrthancSettings orthanc) {
        List<Finding> findings = new ArrayList<>();
        http(orthanc, findings);
        dicom(orthanc, findings);
        return findings;
    }

    private static void http(OrthancSettings orthanc, List<Finding> findings) {
        if (orthanc.remoteAccessAllowed() && !orthanc.authenticates()) {
            findings.add(Finding.serious(
                    "RemoteAccessAllowed is true and AuthenticationEnabled is false",
                    "anybody on the network reads, changes and deletes every study",
                    "set AuthenticationEnabled to true and list users in RegisteredUsers"));
        }
        if (orthanc.remoteAccessAllowed() && !orthanc.sslEnabled()) {
            findings.add(Finding.warning(
                    "RemoteAccessAllowed is true and SslEnabled is false",
                    "passwords and images pass the network in clear, unless a proxy on this machine encrypts",
                    "set SslEnabled and SslCertificate, or let only a proxy with TLS reach Orthanc"));
        }
        if (orthanc.authenticates() && orthanc.registeredUsers().isEmpty()) {
            findings.add(Finding.serious(
                    "RegisteredUsers is empty",
                    "Orthanc makes a user \"orthanc\" whose password everybody knows",
                    "list users of your own in RegisteredUsers"));
        }
        WELL_KNOWN.forEach((user, password) -> {
            if (orthanc.registeredUsers().containsKey(user)
                    && orthanc.registeredUsers().get(user).matches(password)) {
                findings.add(Finding.serious(
                        "RegisteredUsers holds \"" + user + "\" with a password from Orthanc's documentation",
                        "everybody knows it",
                        "change the password or remove the user"));
            }
        });
    }

    private static void dicom(OrthancSettings orthanc, List<Finding> findings) {
        if (orthanc.dicomAlwaysAllowStore()) {
            findings.add(Finding.warning(
                    "DicomAlwaysAllowStore is true (Orthanc's default)",
                    "any machine on the network can send images",
                    "set it to false and list your modalities in DicomModalities"));
        }
        if (orthanc.dicomAlwaysAllowEcho()) {
            findings.add(Finding.warning(
                    "DicomAlwaysAllowEcho is true (Orthanc's default)",
                    "any machine on the network can find out that a PACS is here",
                    "set it to false and list your modalities in DicomModalities"));
        }
        if (orthanc.dicomAlwaysAllowGet()) {
            findings.add(Finding.serious(
                    "DicomAlwaysAllowGet is true",
                    "any machine on the network can fetch every study",
                    "set it to false and give AllowGet to the modalities that need it"));
        }
        if (!orthanc.dicomTlsEnabled() && !(orthanc.dicomCheckCalledAet() && orthanc.dicomCheckModalityHost())) {
            findings.add(Finding.warning(
                    "DICOM senders are known by a name they choose themselves",
                    "a machine that calls itself like a modality is treated as that modality",
                    "set DicomCheckCalledAet and DicomCheckModalityHost to true, or use DicomTlsEnabled"));
        }
    }
}
