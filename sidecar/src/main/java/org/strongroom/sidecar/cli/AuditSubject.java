package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Whom or what events are about, as people name it. The log knows studies by the ids of their keys, and only the keyring knows whose
 * these are: {@code bin/strongroom} asks it, and hands its answer on.
 */
final class AuditSubject {
    static final String NOTHING = "nothing of this was ever sealed here, or it is erased";
    static final String CURE = "Name it as Orthanc shows it; of what is erased only the id of its key is known"
            + " (strongroom shred list): --study KEY";

    private static final Pattern KEY = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final Pattern NAMED = Pattern.compile("(" + KEY.pattern() + ") (?<uid>[0-9.?]*)");

    @ArgGroup
    private Name name;

    @Option(names = "--named", hidden = true, description = "Key ids and StudyInstanceUIDs, as the keyring told them.")
    private Path named;

    /** One of them. */
    static final class Name {
        @Option(
                names = "--patient",
                paramLabel = "ID",
                description = "About a study that the patient with this PatientID ever had.")
        private String patient;

        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "About this study: StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;
    }

    boolean isGiven() {
        return name != null;
    }

    /** As it was typed. */
    String text() {
        return name.patient != null ? "patient " + name.patient : "study " + name.study;
    }

    /**
     * Key ids, and how people call the study of each; that is empty where nobody has said it. If something is named and there are none, the
     * keyring knows nothing of it.
     *
     * @throws StrongroomException REFUSED if nobody has asked the keyring, or what it is said to have answered is something else
     */
    Map<String, String> keys() throws IOException {
        Map<String, String> keys = new LinkedHashMap<>();
        if (name == null) {
            return keys;
        }
        if (named != null) {
            for (String line : Files.readAllLines(named)) {
                Matcher one = NAMED.matcher(line);
                if (!one.matches()) {
                    throw StrongroomException.of(FailureKind.REFUSED, "this is no answer of the keyring")
                            .cure("Run bin/strongroom, which asks it; each line is the id of a key, a space and a"
                                    + " StudyInstanceUID");
                }
                keys.put(one.group(1), one.group("uid"));
            }
            return keys;
        }
        if (name.study != null && KEY.matcher(name.study).matches()) {
            keys.put(name.study, "");
            return keys;
        }
        throw StrongroomException.of(FailureKind.REFUSED, "only the keyring knows whose studies these are")
                .cure("Run bin/strongroom, which asks it; or name a study by the id of its key");
    }
}
