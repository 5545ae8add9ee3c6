package org.strongroom.plugin.access;

/**
 * What a request names. Immutable.
 *
 * @param level of what
 * @param dicom whether the identifier is DICOM's (a UID) and not Orthanc's; several resources may have one UID
 * @param id well-formed for its level
 */
public record Resource(Level level, boolean dicom, String id) {
    /** The level only: identifiers are not for logs. */
    @Override
    public String toString() {
        return level.toString();
    }
}
