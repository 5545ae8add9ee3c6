package org.strongroom.plugin.access;

/**
 * The one study that a share link opens. Immutable.
 *
 * @param tenant whose it has to be
 * @param study Orthanc's id
 */
public record Shared(String tenant, String study) {
    /** The tenant only: the other is made of a patient's identifiers. */
    @Override
    public String toString() {
        return tenant;
    }
}
