package org.strongroom.plugin.export;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Names of files in an export, as a DICOM file-set wants them (PS3.10 §8.2): patients, studies, series and images are numbered as
 * they come. Used by one thread.
 */
final class Tree {
    private static final String ROOT = "DICOM";

    private final Map<String, Map<String, String>> folders = new HashMap<>();
    private final Map<String, Integer> images = new HashMap<>();

    /** Notes a file of an earlier run, so that what follows goes beside it. */
    void note(Manifest.Entry entry) {
        String[] parts = entry.file().split("/", -1);
        if (parts.length != 5 || !parts[0].equals(ROOT)) {
            return;
        }
        String patient = ROOT + "/" + parts[1];
        String study = patient + "/" + parts[2];
        String series = study + "/" + parts[3];
        known(ROOT).put(entry.patient(), patient);
        known(patient).put(entry.study(), study);
        known(study).put(entry.series(), series);
        images.merge(series, Integer.parseInt(parts[4].substring(2)), Math::max);
    }

    private Map<String, String> known(String folder) {
        return folders.computeIfAbsent(folder, any -> new HashMap<>());
    }

    /** The name of the next image of a series. */
    String next(String patient, String study, String series) {
        String folder = below(below(below(ROOT, "PA", patient), "ST", study), "SE", series);
        return name(folder, "IM", images.merge(folder, 1, Integer::sum));
    }

    private String below(String folder, String kind, String whose) {
        Map<String, String> known = known(folder);
        return known.computeIfAbsent(whose, any -> name(folder, kind, known.size() + 1));
    }

    private static String name(String folder, String kind, int number) {
        return folder + "/" + kind + String.format(Locale.ROOT, "%06d", number);
    }
}
