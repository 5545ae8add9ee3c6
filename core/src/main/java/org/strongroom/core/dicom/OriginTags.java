package org.strongroom.core.dicom;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Tags of the top level that may tell where an image comes from, by their keywords (PS3.6). The header reader keeps these and no others. */
public final class OriginTags {
    private static final Map<String, Integer> BY_KEYWORD = Map.ofEntries(
            Map.entry("AccessionNumber", 0x00080050),
            Map.entry("Modality", Tag.Modality),
            Map.entry("Manufacturer", 0x00080070),
            Map.entry("InstitutionName", 0x00080080),
            Map.entry("InstitutionAddress", 0x00080081),
            Map.entry("ReferringPhysicianName", 0x00080090),
            Map.entry("StationName", 0x00081010),
            Map.entry("StudyDescription", 0x00081030),
            Map.entry("InstitutionalDepartmentName", 0x00081040),
            Map.entry("PatientID", Tag.PatientID),
            Map.entry("IssuerOfPatientID", 0x00100021),
            Map.entry("DeviceSerialNumber", 0x00181000),
            Map.entry("StudyID", 0x00200010),
            Map.entry("RequestingService", 0x00321033));

    private static final Set<Integer> TAGS = Set.copyOf(BY_KEYWORD.values());

    private OriginTags() {}

    /** All of them, in alphabetical order. */
    public static Set<String> keywords() {
        return new TreeSet<>(BY_KEYWORD.keySet());
    }

    static boolean contains(int tag) {
        return TAGS.contains(tag);
    }

    static OptionalInt of(String keyword) {
        Integer tag = BY_KEYWORD.get(keyword);
        return tag == null ? OptionalInt.empty() : OptionalInt.of(tag);
    }
}
