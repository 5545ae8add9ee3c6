package org.strongroom.sidecar.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.OrthancSettings;

/** Who may come in: HTTP and DICOM. */
final class OrthancDoors {
    private static final Map<String, String> WELL_KNOWN = Map.of(
            "orthanc", "orthanc", "demo", "demo", "demo-user", "demo-user", "alice", "alicePassword", "admin", "admin");

    private static final int TLS_1_2 = 4;

    private OrthancDoors() {}

    static List<Finding> examine(Configuration configuration) {
        OrthancSettings orthanc = configuration.orthanc();
        List<Finding> findings = new ArrayList<>();
        http(orthanc, configuration.settings().controlsAccess(), findings);
        scripts(orthanc, findings);
        dicom(orthanc, findings);
        return findings;
    }

    private static void scripts(OrthancSettings orthanc, List<Finding> findings) {
        if (orthanc.executeLuaEnabled()) {
            findings.add(Finding.serious(
                    "ExecuteLuaEnabled is true",
                    "whoever may use the REST API runs programs as Orthanc's user, who can read the keys",
                    "set it to false, Orthanc's default"));
        }
        if (orthanc.restApiWriteToFileSystemEnabled()) {
            findings.add(Finding.serious(
                    "RestApiWriteToFileSystemEnabled is true",
                    "whoever may use the REST API writes files as Orthanc's user, images in clear among them",
                    "set it to false, Orthanc's default"));
        }
        if (!orthanc.deidentifyLogs()) {
            findings.add(Finding.warning(
                    "DeidentifyLogs is false",
                    "names and dates of patients get into Orthanc's log",
                    "set it to true, Orthanc's default"));
        }
    }

    /** @param login whether users log in to Strongroom, which asks for {@code AuthenticationEnabled} false */
    private static void http(OrthancSettings orthanc, boolean login, List<Finding> findings) {
        if (orthanc.remoteAccessAllowed() && !orthanc.authenticates() && !login) {
            findings.add(Finding.serious(
                    "RemoteAccessAllowed is true and AuthenticationEnabled is false",
                    "anybody on the network reads, changes and deletes every study",
                    "set AuthenticationEnabled to true and list users in RegisteredUsers, or give everybody a user of"
                            + " Strongroom's (Strongroom.Access)"));
        }
        if (orthanc.remoteAccessAllowed() && !orthanc.sslEnabled()) {
            findings.add(Finding.warning(
                    "RemoteAccessAllowed is true and SslEnabled is false",
                    "passwords and images pass the network in clear, unless a proxy on this machine encrypts",
                    "set SslEnabled and SslCertificate, or let only a proxy with TLS reach Orthanc"));
        }
        if (orthanc.sslEnabled() && orthanc.sslMinimumProtocolVersion() < TLS_1_2) {
            findings.add(Finding.warning(
                    "SslMinimumProtocolVersion is " + orthanc.sslMinimumProtocolVersion(),
                    "TLS before 1.2 is broken: passwords and images can be read on the network",
                    "set it to " + TLS_1_2 + ", Orthanc's default"));
        }
        if (!orthanc.httpsVerifyPeers()) {
            findings.add(Finding.serious(
                    "HttpsVerifyPeers is false",
                    "anybody on the way can play the peer that studies are sent to",
                    "set it to true, and HttpsCACertificates if the peer has a certificate of your own"));
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
        if (orthanc.dicomAlwaysAllowMove()) {
            findings.add(Finding.serious(
                    "DicomAlwaysAllowMove is true",
                    "any machine on the network can have every study sent to a modality",
                    "set it to false and list your modalities in DicomModalities"));
        }
        if (orthanc.dicomAlwaysAllowFind() || orthanc.dicomAlwaysAllowFindWorklist()) {
            findings.add(Finding.serious(
                    (orthanc.dicomAlwaysAllowFind() ? "DicomAlwaysAllowFind" : "DicomAlwaysAllowFindWorklist")
                            + " is true",
                    "any machine on the network can list patients",
                    "set it to false and list your modalities in DicomModalities"));
        }
        if (!orthanc.dicomTlsEnabled() && !(orthanc.dicomCheckCalledAet() && orthanc.dicomCheckModalityHost())) {
            findings.add(Finding.warning(
                    "DICOM senders are known by a name they choose themselves",
                    "a machine that calls itself like a modality is treated as that modality",
                    "set DicomCheckCalledAet and DicomCheckModalityHost to true, or use DicomTlsEnabled"));
        }
    }
}
