package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.login.share.SharedStudies;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.tenancy.StudyTenants;
import org.strongroom.plugin.watch.Watched;

/** What may be shared is what the one decision lets through, asked for whoever has made the link and for whoever holds it. Thread-safe. */
final class StudiesToShare implements SharedStudies {
    private static final String STUDY = "[0-9a-f]{8}(-[0-9a-f]{8}){4}";
    private static final String UNSEALED = "unsealed";

    private final Access access;
    private final Shown shown;
    private final OrthancApi orthanc;
    private final StudyTenants tenants;
    private final Watched.StudyKeys keys;
    private final Viewers viewers;
    private final boolean namesFromImages;

    /** @param namesFromImages whether Orthanc names the folders of an archive by the tags of the images in it */
    StudiesToShare(
            Access access,
            Shown shown,
            OrthancApi orthanc,
            StudyTenants tenants,
            Watched.StudyKeys keys,
            Viewers viewers,
            boolean namesFromImages) {
        this.access = access;
        this.shown = shown;
        this.orthanc = orthanc;
        this.tenants = tenants;
        this.keys = keys;
        this.viewers = viewers;
        this.namesFromImages = namesFromImages;
    }

    @Override
    public Optional<Known> known(String study) {
        if (!study.matches(STUDY)) {
            return Optional.empty();
        }
        List<String> now = keysNow(study);
        if (now.isEmpty()) {
            orthanc.get("/system"); // throws while Orthanc begins or ends: then it would seem to have nothing
            now = keysNow(study); // it may have begun to answer between the two questions
            if (now.isEmpty()) {
                return Optional.empty();
            }
        }
        List<String> owners = tenants.ofStudy(study);
        if (owners.size() > 1 && owners.contains(AccessSettings.QUARANTINE)) {
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE, "something of another tenant's is being taken out of the study")
                    .cure("Try again in a minute");
        }
        String key = now.get(0).equals(UNSEALED) ? "" : now.get(0);
        return owners.size() == 1 ? Optional.of(new Known(owners.get(0), key)) : Optional.empty();
    }

    /** By one that remembers nothing: the study may have been erased and come again, under another key. */
    private List<String> keysNow(String study) {
        return new Watched(new Parentage(orthanc), keys).keysOf(new Resource(Level.STUDY, false, study));
    }

    @Override
    public boolean mayShare(Principal user, String study) {
        return !(access.decide(user, HttpMethod.GET, "/strongroom/share", List.of(Map.entry("study", study)))
                instanceof Decision.Deny);
    }

    @Override
    public Optional<String> download(Principal who, String study) {
        Mine mine = new Mine(access, who);
        String uri = "studies/" + study;
        boolean archive = mine.decision("/" + uri + "/archive")
                .filter(decision -> decision instanceof Decision.Allow || namesFromImages)
                .isPresent();
        if (archive) {
            return Optional.of(uri + "/archive");
        }
        return mine.whole("/" + uri + "/media") ? Optional.of(uri + "/media") : Optional.empty();
    }

    @Override
    public String describe(Principal who, String study) {
        return new Mine(access, who)
                .resource(shown, "/studies/" + study)
                .map(StudiesToShare::words)
                .orElse("");
    }

    private static String words(JsonNode study) {
        JsonNode tags = study.path("MainDicomTags");
        return words(
                study.path("PatientMainDicomTags").path("PatientName"),
                tags.path("StudyDate"),
                tags.path("StudyDescription"));
    }

    private static String words(JsonNode... tags) {
        return Stream.of(tags)
                .map(tag -> tag.asText("").strip())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    @Override
    public Optional<String> viewer(Principal who, String study) {
        Mine mine = new Mine(access, who);
        if (mine.decision("/studies/" + study).isEmpty()) {
            return Optional.empty();
        }
        JsonNode known = shown.get("/studies/" + study);
        String uid = known.path("MainDicomTags").path("StudyInstanceUID").asText("");
        JsonNode series = known.path("Series");
        return viewers.ofStudy(mine, plugins(), uid)
                .or(() -> series.size() == 1
                        ? viewers.ofSeries(mine, plugins(), series.get(0).asText())
                        : Optional.empty());
    }

    @Override
    public List<Series> series(Principal who, String study) {
        Mine mine = new Mine(access, who);
        String uri = "/studies/" + study + "/series";
        List<Series> all = new ArrayList<>();
        if (mine.decision(uri).isPresent()) {
            List<String> plugins = plugins();
            for (JsonNode one : shown.get(uri)) {
                List<String> images = new ArrayList<>();
                one.path("Instances").forEach(image -> images.add(image.asText()));
                JsonNode tags = one.path("MainDicomTags");
                all.add(new Series(
                        words(tags.path("Modality"), tags.path("SeriesDescription")),
                        viewers.ofSeries(mine, plugins, one.path("ID").asText()),
                        images));
            }
        }
        return all;
    }

    private List<String> plugins() {
        List<String> names = new ArrayList<>();
        try {
            shown.get("/plugins").forEach(name -> names.add(name.asText()));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
        return names;
    }
}
