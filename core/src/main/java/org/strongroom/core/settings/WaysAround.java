package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects every {@link WayAround} of a configuration, but for those in {@code UsersFile}. Not thread-safe. */
final class WaysAround {
    /** What Orthanc answers by DICOM from everybody's studies; C-FIND and C-MOVE are Strongroom's to answer. */
    private static final List<String> ASKING = List.of("AllowFindWorklist", "AllowGet");

    /** Where libMultitenantDicom.so, which Orthanc's packages bring, has its servers. */
    private static final String SERVERS = "MultitenantDicom";

    private final List<WayAround> found = new ArrayList<>();

    private WaysAround() {}

    /** @param root Orthanc's whole configuration */
    static List<WayAround> of(Settings settings, OrthancSettings orthanc, JsonNode root) {
        WaysAround ways = new WaysAround();
        if (settings.controlsAccess()) {
            ways.require(
                    !orthanc.authenticates(), "AuthenticationEnabled", "Set it to false: users log in to Strongroom");
        }
        if (settings.keepsTenantsApart()) {
            ways.betweenTenants(settings, orthanc, root);
        }
        return List.copyOf(ways.found);
    }

    /** Of whoever sees a part of what Orthanc finds: what has it tell less than all of it. */
    static List<WayAround> cuts(JsonNode root) {
        WaysAround ways = new WaysAround();
        ways.requireAllFound(root);
        return List.copyOf(ways.found);
    }

    /** What answers stations from everybody's studies and asks no plugin, or is one itself. */
    static List<WayAround> unasked(JsonNode root) {
        WaysAround ways = new WaysAround();
        if (root.path("DicomServerEnabled").asBoolean(true)) {
            ways.requireNoGet(root);
        }
        ways.requireNoOtherServers(root);
        return List.copyOf(ways.found);
    }

    private void requireNoGet(JsonNode root) {
        String cure = "Set it to false: C-GET is answered by Orthanc itself, and no plugin is asked";
        for (String setting : List.of("DicomAlwaysAllowGet", "DicomModalitiesInDatabase")) {
            require(!root.path(setting).asBoolean(false), setting, cure);
        }
        root.path("DicomModalities")
                .properties()
                // What is written as a list may all that is not said.
                .forEach(modality -> require(
                        !modality.getValue().path("AllowGet").asBoolean(true),
                        "DicomModalities." + modality.getKey() + ".AllowGet",
                        cure));
    }

    private void requireNoOtherServers(JsonNode root) {
        require(
                root.path(SERVERS).path("Servers").isEmpty(),
                SERVERS + ".Servers",
                "Remove it: that plugin answers stations by itself, by labels, and asks nobody");
    }

    private void betweenTenants(Settings settings, OrthancSettings orthanc, JsonNode root) {
        settings.tenants()
                .forEach((name, tenant) -> require(
                        tenant.sources().calledAETs().isEmpty(),
                        "Strongroom.Tenants." + name + ".Sources.CalledAETs",
                        "Remove it and name AETs: no Orthanc tells this of an image yet"));
        require(
                !orthanc.overwriteInstances(),
                "OverwriteInstances",
                "Set it to false: one tenant could replace another's image");
        requireAllFound(root);
        require(
                !root.path("OrthancPeersInDatabase").asBoolean(false),
                "OrthancPeersInDatabase",
                "Set it to false: where a peer is must not change while Orthanc runs");
        requireNoOtherServers(root);
        if (root.path("DicomServerEnabled").asBoolean(true)) {
            byDicom(orthanc, root);
        }
    }

    private void requireAllFound(JsonNode root) {
        for (String limit : List.of("LimitFindResults", "LimitFindInstances")) {
            require(
                    root.path(limit).asInt(0) == 0,
                    limit,
                    "Set it to 0: Orthanc cuts off everybody's matches before those of others are left out, and people"
                            + " would not find all that is theirs. Where there are several tenants, Strongroom gives a"
                            + " station 5000 at most");
        }
    }

    private void byDicom(OrthancSettings orthanc, JsonNode root) {
        String open = "Set it to false: it is answered from all tenants' studies";
        require(!orthanc.dicomAlwaysAllowFind(), "DicomAlwaysAllowFind", open);
        require(!orthanc.dicomAlwaysAllowFindWorklist(), "DicomAlwaysAllowFindWorklist", open);
        require(!orthanc.dicomAlwaysAllowMove(), "DicomAlwaysAllowMove", open);
        require(!orthanc.dicomAlwaysAllowGet(), "DicomAlwaysAllowGet", open);
        // A certificate does not say by which title its holder may call itself.
        String copied = "Titles are easily copied: a sender must come from its own address";
        require(orthanc.dicomCheckModalityHost(), "DicomCheckModalityHost", "Set it to true. " + copied);
        require(!orthanc.dicomAlwaysAllowStore(), "DicomAlwaysAllowStore", "Set it to false. " + copied);
        require(
                !orthanc.dicomTlsEnabled()
                        || root.path("DicomTlsRemoteCertificateRequired").asBoolean(true),
                "DicomTlsRemoteCertificateRequired",
                "Set it to true: else anybody may open an encrypted connection");
        require(
                !root.path("DicomModalitiesInDatabase").asBoolean(false),
                "DicomModalitiesInDatabase",
                "Set it to false: what a modality may do must not change while Orthanc runs");
        Set<String> titles = new HashSet<>();
        for (Map.Entry<String, JsonNode> modality : root.path("DicomModalities").properties()) {
            String path = "DicomModalities." + modality.getKey() + ".";
            for (String may : ASKING) {
                require(
                        modality.getValue().isObject()
                                && !modality.getValue().path(may).asBoolean(true),
                        path + may,
                        open);
            }
            String title = AeTitles.folded(modality.getValue().path("AET").asText());
            require(
                    titles.add(title),
                    path + "AET",
                    "Give each modality a title of its own: one that two have would come from either's address");
        }
    }

    private void require(boolean apart, String setting, String cure) {
        if (!apart) {
            found.add(new WayAround(setting, cure));
        }
    }
}
