package org.strongroom.plugin.dimse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.bridge.FindAnswerer;

/** Answers C-FIND as Orthanc does: every key comes back, with its value if there is one. Thread-safe. */
public final class Finds implements FindAnswerer {
    static final String LEVEL = "0008,0052";
    private static final String CHARSET = "0008,0005";
    private static final String RETRIEVE_AET = "0008,0054";
    /** Other stations wait meanwhile, and few wait longer than a minute. */
    private static final Duration LONGEST = Duration.ofSeconds(45);

    private final Stations stations;
    private final Holdings holdings;
    private final String title;
    private final ToIntFunction<Holdings.Level> most;
    private final Function<String, byte[]> dicom;
    private final RunningTime time;
    private final Consumer<AuditEvent> audit;

    /**
     * @param title Orthanc's own, from which what is found can be moved
     * @param most answers to one query; whoever asks is told that there are more, also if describing what was found takes too long
     * @param dicom makes a DICOM file of JSON, as Orthanc does
     * @param audit returns when an event is durable
     */
    public Finds(
            Stations stations,
            Holdings holdings,
            String title,
            ToIntFunction<Holdings.Level> most,
            Function<String, byte[]> dicom,
            RunningTime time,
            Consumer<AuditEvent> audit) {
        this.stations = stations;
        this.holdings = holdings;
        this.title = title;
        this.most = most;
        this.dicom = dicom;
        this.time = time;
        this.audit = audit;
    }

    @Override
    public Found find(Query query) {
        AuditEvent event = stations.event(AuditType.QUERY, query.peer());
        String tenant = stations.tenantOf(query.peer()).orElseThrow(() -> {
            audit.accept(event.refused(Stations.NOBODYS));
            return StrongroomException.of(FailureKind.REFUSED, Stations.NOBODYS)
                    .with("aet", query.peer().aet())
                    .cure("Add it to the Sources of a tenant and to DicomModalities");
        });
        Found found;
        try {
            found = find(tenant, query);
        } catch (RuntimeException e) {
            audit.accept(event.failed("it could not be answered"));
            throw e;
        }
        audit.accept(event.with("level", level(query))
                .with("matches", found.datasets().size()));
        return found;
    }

    private Found find(String tenant, Query query) {
        Holdings.Level level = level(query);
        Set<String> wanted = query.tags().keySet().stream().filter(Finds::isKey).collect(Collectors.toSet());
        Map<String, String> constraints = new HashMap<>();
        for (String tag : wanted) {
            if (!query.tags().get(tag).isEmpty()) {
                constraints.put(tag, query.tags().get(tag));
            }
        }
        int most = this.most.applyAsInt(level);
        Duration end = time.now().plus(LONGEST);
        List<String> found = holdings.find(tenant, level, constraints, most + 1);
        List<byte[]> answers = new ArrayList<>();
        for (String path : found.subList(0, Math.min(most, found.size()))) {
            if (time.now().compareTo(end) >= 0) {
                return new Found(answers, false);
            }
            holdings.describe(tenant, path, level, wanted)
                    .ifPresent(known -> answers.add(answer(query, wanted, known)));
        }
        return new Found(answers, found.size() <= most);
    }

    private byte[] answer(Query query, Set<String> wanted, Map<String, JsonNode> known) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        wanted.forEach(tag -> answer.set(tag, known.getOrDefault(tag, TextNode.valueOf(""))));
        answer.put(LEVEL, query.tags().get(LEVEL));
        answer.put(RETRIEVE_AET, title);
        answer.put(CHARSET, "ISO_IR 192");
        try {
            return dicom.apply(answer.toString());
        } catch (StrongroomException e) {
            // Orthanc itself leaves out what it cannot write; several numbers of two bytes are such a thing.
            wanted.stream()
                    .filter(tag -> !isWritten(tag, answer.get(tag)))
                    .forEach(tag -> answer.set(tag, TextNode.valueOf("")));
            return dicom.apply(answer.toString());
        }
    }

    private boolean isWritten(String tag, JsonNode value) {
        ObjectNode alone = JsonNodeFactory.instance.objectNode().put(CHARSET, "ISO_IR 192");
        alone.set(tag, value);
        try {
            return dicom.apply(alone.toString()).length > 0;
        } catch (StrongroomException e) {
            return false;
        }
    }

    /** Neither of the command or the file, nor what says how to ask, nor the length of a group. */
    private static boolean isKey(String tag) {
        return tag.compareTo("0008") >= 0 && !tag.equals(LEVEL) && !tag.equals(CHARSET) && !tag.endsWith(",0000");
    }

    private static Holdings.Level level(Query query) {
        String text = query.tags().getOrDefault(LEVEL, "").strip().toUpperCase(Locale.ROOT);
        return switch (text) {
            case "PATIENT", "PATIENTS" -> Holdings.Level.PATIENT;
            case "STUDY", "STUDIES" -> Holdings.Level.STUDY;
            case "SERIES" -> Holdings.Level.SERIES;
            case "IMAGE", "IMAGES", "INSTANCE", "INSTANCES" -> Holdings.Level.IMAGE;
            default -> throw StrongroomException.of(FailureKind.REFUSED, "a query without a level that there is");
        };
    }
}
