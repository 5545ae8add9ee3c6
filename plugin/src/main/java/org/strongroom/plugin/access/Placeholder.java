package org.strongroom.plugin.access;

import java.util.Map;

/** What may stand at {name} in a path: its one spelling, and what it names; several are parted by commas. */
record Placeholder(String regex, Level level, boolean dicom) {
    private static final String ORTHANC = "[0-9a-f]{8}(?:-[0-9a-f]{8}){4}";
    private static final String UID = "[0-9][0-9.]{0,63}";
    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private static final Placeholder ANY = new Placeholder("[^/]+", null, false);
    private static final Map<String, Placeholder> BY_NAME = Map.ofEntries(
            Map.entry("patient", new Placeholder(ORTHANC, Level.PATIENT, false)),
            Map.entry("study", new Placeholder(ORTHANC, Level.STUDY, false)),
            Map.entry("series", new Placeholder(ORTHANC, Level.SERIES, false)),
            Map.entry("instance", new Placeholder(ORTHANC, Level.INSTANCE, false)),
            Map.entry("resources", new Placeholder(ORTHANC + "(?:," + ORTHANC + ")*", Level.RESOURCE, false)),
            Map.entry("study-uid", new Placeholder(UID, Level.STUDY, true)),
            Map.entry("series-uid", new Placeholder(UID, Level.SERIES, true)),
            Map.entry("instance-uid", new Placeholder(UID, Level.INSTANCE, true)),
            Map.entry("modality", new Placeholder(NAME, Level.MODALITY, false)),
            Map.entry("peer", new Placeholder(NAME, Level.PEER, false)),
            Map.entry("server", new Placeholder(NAME, Level.SERVER, false)),
            Map.entry("job", new Placeholder(UUID, Level.JOB, false)),
            Map.entry("query", new Placeholder(UUID, Level.QUERY, false)),
            Map.entry("commitment", new Placeholder(UID, Level.COMMITMENT, true)),
            Map.entry("number", new Placeholder("[0-9]{1,9}", null, false)));

    static Placeholder named(String name) {
        return BY_NAME.getOrDefault(name, ANY);
    }

    boolean isAny() {
        return equals(ANY);
    }
}
