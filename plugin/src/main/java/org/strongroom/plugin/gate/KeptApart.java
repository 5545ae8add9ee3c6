package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AeTitles;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.OrthancSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.Users;

/** Whether Orthanc's own settings leave a way around Strongroom's. Nobody may believe that tenants are kept apart while they are not. */
final class KeptApart {
    /** What Orthanc answers by DICOM from everybody's studies; C-FIND and C-MOVE are Strongroom's to answer. */
    private static final List<String> ASKING = List.of("AllowFindWorklist", "AllowGet");

    private static final Pattern ATTACHMENT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private KeptApart() {}

    /** @throws StrongroomException REFUSED with the first thing that has to be changed */
    static void require(Configuration configuration, String json) {
        Settings settings = configuration.settings();
        if (!settings.controlsAccess()) {
            return;
        }
        OrthancSettings orthanc = configuration.orthanc();
        require(!orthanc.authenticates(), "AuthenticationEnabled", "Set it to false: users log in to Strongroom");
        String noStation = "Remove it: nobody asks by DICOM in a user's name yet";
        Users.of(settings)
                .forEach((name, user) ->
                        require(user.aETs().isEmpty(), "Strongroom.Access.Users." + name + ".AETs", noStation));
        if (!AccessControl.keepsApart(settings)) {
            return;
        }
        settings.tenants()
                .forEach((name, tenant) -> require(
                        tenant.sources().calledAETs().isEmpty(),
                        "Strongroom.Tenants." + name + ".Sources.CalledAETs",
                        "Remove it and name AETs: no Orthanc tells this of an image yet"));
        require(
                !orthanc.overwriteInstances(),
                "OverwriteInstances",
                "Set it to false: one tenant could replace another's image");
        JsonNode root = read(json);
        requireAllFound(root);
        require(
                !root.path("OrthancPeersInDatabase").asBoolean(false),
                "OrthancPeersInDatabase",
                "Set it to false: where a peer is must not change while Orthanc runs");
        if (root.path("DicomServerEnabled").asBoolean(true)) {
            requireApartByDicom(orthanc, root);
        }
    }

    /**
     * Where one tenant is left of several, and something of the others is here: for that alone what has no answer of Strongroom's.
     *
     * @throws StrongroomException REFUSED with the first thing that has to be changed
     */
    static void requireOthersKept(Configuration configuration) {
        require(
                !configuration.orthanc().overwriteInstances(),
                "OverwriteInstances",
                "Set it to false: studies of other tenants are here, and their images could be replaced");
        configuration
                .openToGet()
                .forEach(open -> require(
                        false, open, "Set it to false: studies of other tenants are here, and C-GET would give them"));
    }

    /**
     * For whoever sees a part of what Orthanc finds: Orthanc must tell all of it.
     *
     * @throws StrongroomException REFUSED if it does not
     */
    static void requireAllFound(JsonNode root) {
        for (String limit : List.of("LimitFindResults", "LimitFindInstances")) {
            require(
                    root.path(limit).asInt(0) == 0,
                    limit,
                    "Set it to 0: Orthanc cuts off everybody's matches before those of others are left out, and people would not"
                            + " find all that is theirs. Where there are several tenants, Strongroom gives a station 5000 at most");
        }
    }

    /**
     * Whoever sends an image into a study is its owner if it was nobody's: what is in clear would be anybody's who knows its
     * identifiers.
     *
     * @throws StrongroomException REFUSED if there is a file that Orthanc itself stored
     */
    static void requireNothingClear(Path storageDirectory) throws IOException {
        if (!Files.isDirectory(storageDirectory)) {
            return;
        }
        try (Stream<Path> files = Files.find(storageDirectory, 3, (file, kind) -> isAttachment(file))) {
            if (files.findAny().isPresent()) {
                throw StrongroomException.of(FailureKind.REFUSED, "nobody knows whose the images in clear are")
                        .with("StorageDirectory", storageDirectory)
                        .cure(
                                "Start without Strongroom.Access and Tenants until strongroom status says that none is left: they are"
                                        + " the tenant clinic's then. Move away what cannot be sealed");
            }
        }
    }

    /** As Orthanc lays them: {@code ab/cd/abcd….} */
    private static boolean isAttachment(Path file) {
        String name = file.getFileName().toString();
        return ATTACHMENT.matcher(name).matches()
                && file.getParent().getFileName().toString().equals(name.substring(2, 4));
    }

    private static void requireApartByDicom(OrthancSettings orthanc, JsonNode root) {
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

    private static void require(boolean apart, String setting, String cure) {
        if (!apart) {
            throw StrongroomException.of(FailureKind.REFUSED, "tenants and users would not be kept apart")
                    .with("setting", setting)
                    .cure(cure);
        }
    }

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's configuration is not JSON")
                    .causedBy(e);
        }
    }
}
