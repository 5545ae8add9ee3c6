package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;

/** Makes one answer of QIDO-RS after the other; what is above several is asked for once. For one request, one thread. */
final class QidoRows {
    private static final System.Logger LOG = System.getLogger(QidoRows.class.getName());

    /** What stands for something whose index is asked for again and again in one answer. */
    private static final int MOST_KEPT = 100;

    private final QidoRequest request;
    private final Mine mine;
    private final Shown shown;
    private final String base;
    private final Map<String, Optional<JsonNode>> above = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<JsonNode>> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** @param base public address of the DICOMweb root, without a slash at its end */
    QidoRows(QidoRequest request, Mine mine, Shown shown, String base) {
        this.request = request;
        this.mine = mine;
        this.shown = shown;
        this.base = base;
    }

    /** Empty if it is gone meanwhile, or is no longer the caller's. */
    Optional<ObjectNode> row(String uri) {
        Map<String, String> known = new HashMap<>();
        Optional<JsonNode> instance = Optional.empty();
        Optional<JsonNode> series = Optional.empty();
        Optional<JsonNode> study = Optional.empty();
        try {
            switch (request.level()) {
                case INSTANCE -> {
                    instance = whole(uri);
                    series = instance.flatMap(below -> parent(below, "Series", "/series/"));
                    study = series.flatMap(below -> parent(below, "Study", "/studies/"));
                }
                case SERIES -> {
                    series = whole(uri);
                    study = series.flatMap(below -> parent(below, "Study", "/studies/"));
                }
                default -> study = whole(uri);
            }
            if (study.isEmpty()) {
                return Optional.empty();
            }
            index(study.get(), known);
            series.ifPresent(one -> index(one, known));
            instance.ifPresent(one -> index(one, known));
            computed(study.get(), series, known);
            if (lacks(known)) {
                tryFile(study.get(), series, instance, known);
            }
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        Map<QidoTag, String> values = new TreeMap<>(Comparator.comparing(QidoTag::hex));
        for (QidoTag tag : QidoTag.all()) {
            String value = known.get(tag.name());
            if (value != null && request.returns(tag)) {
                values.put(tag, value);
            }
        }
        return Optional.of(DicomJson.of(values));
    }

    private Optional<JsonNode> parent(JsonNode below, String level, String folder) {
        String uri = folder + below.path("Parent" + level).asText();
        Optional<JsonNode> known = above.get(uri);
        if (known == null) {
            known = whole(uri);
            above.put(uri, known);
        }
        return known;
    }

    private Optional<JsonNode> whole(String uri) {
        return mine.resource(shown, uri);
    }

    private static void index(JsonNode resource, Map<String, String> known) {
        for (String tags : new String[] {"PatientMainDicomTags", "MainDicomTags"}) {
            resource.path(tags)
                    .properties()
                    .forEach(tag -> known.put(tag.getKey(), tag.getValue().asText()));
        }
    }

    private void computed(JsonNode study, Optional<JsonNode> series, Map<String, String> known) {
        known.put("SpecificCharacterSet", "ISO_IR 192"); // whatever the file has: JSON is in UTF-8
        known.put("InstanceAvailability", "ONLINE");
        StringBuilder url = new StringBuilder(base).append("/studies/").append(known.get("StudyInstanceUID"));
        series.ifPresent(one -> {
            url.append("/series/").append(known.get("SeriesInstanceUID"));
            known.put(
                    "NumberOfSeriesRelatedInstances",
                    Integer.toString(one.path("Instances").size()));
        });
        if (request.level() == Level.INSTANCE) {
            url.append("/instances/").append(known.get("SOPInstanceUID"));
        }
        known.put("RetrieveURL", url.toString());
        if (wants("ModalitiesInStudy")
                || wants("Modality")
                || wants("NumberOfStudyRelatedInstances")
                || wants("NumberOfStudyRelatedSeries")) {
            counts(study.path("ID").asText(), known);
        }
    }

    private void counts(String study, Map<String, String> known) {
        JsonNode all = above.computeIfAbsent("series of " + study, first -> Optional.of(shown.series(study)))
                .orElseThrow();
        TreeSet<String> modalities = new TreeSet<>();
        long instances = 0;
        for (JsonNode one : all) {
            String modality = one.path("MainDicomTags").path("Modality").asText("");
            if (!modality.isEmpty()) {
                modalities.add(modality);
            }
            instances += one.path("Instances").size();
        }
        if (!modalities.isEmpty()) { // OHIF lists nothing at all if it is there without a value
            known.put("ModalitiesInStudy", String.join("\\", modalities));
        }
        if (request.level() == Level.STUDY) {
            List<String> asked =
                    List.of(request.query().path("ModalitiesInStudy").asText().split("\\\\", -1));
            modalities.stream()
                    .max(Comparator.comparing(asked::contains))
                    .ifPresent(modality -> known.put("Modality", modality));
        }
        known.put("NumberOfStudyRelatedSeries", Integer.toString(all.size()));
        known.put("NumberOfStudyRelatedInstances", Long.toString(instances));
    }

    private boolean wants(String name) {
        return QidoTag.of(name).filter(request::returns).isPresent();
    }

    /**
     * Whether something is asked for that only a file may have. What every series or study has is not worth reading one, and neither
     * is what Orthanc would have in its index if the file had it, or what differs from one image of it to the next.
     */
    private boolean lacks(Map<String, String> known) {
        return QidoTag.all().stream()
                .filter(tag -> !known.containsKey(tag.name()) && request.returns(tag))
                .filter(tag -> !Search.knows(tag.name()) && tag.level().compareTo(request.level()) <= 0)
                .anyMatch(tag -> tag.level() == Level.INSTANCE
                        || request.everything()
                        || request.wanted().contains(tag));
    }

    /** One file that cannot be read, or is in an archive, must not hide everything else that was found. */
    private void tryFile(
            JsonNode study, Optional<JsonNode> series, Optional<JsonNode> instance, Map<String, String> known) {
        try {
            file(study, series, instance, known);
        } catch (StrongroomException e) {
            LOG.log(System.Logger.Level.DEBUG, "A match is answered without what only its file has", e);
        }
    }

    /** From an image, for who may ask for all tags of it. */
    private void file(
            JsonNode study, Optional<JsonNode> series, Optional<JsonNode> instance, Map<String, String> known) {
        JsonNode one = series.orElseGet(
                () -> shown.get("/series/" + study.path("Series").path(0).asText()));
        String id = instance.map(here -> here.path("ID").asText())
                .orElseGet(() -> one.path("Instances").path(0).asText());
        String tags = "/instances/" + id + "/tags";
        if (mine.whole(tags)) {
            JsonNode file = shown.get(tags);
            for (QidoTag tag : QidoTag.all()) {
                JsonNode value = file.path(tag.withComma());
                if (value.path("Type").asText().equals("String")) {
                    known.putIfAbsent(tag.name(), value.path("Value").asText());
                }
            }
        } else if (request.level() == Level.INSTANCE) {
            String sopClass = shown.get("/instances/" + id + "/metadata?expand")
                    .path("SopClassUid")
                    .asText("");
            if (!sopClass.isEmpty()) {
                known.put("SOPClassUID", sopClass);
            }
        }
    }
}
