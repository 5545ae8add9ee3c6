package org.strongroom.plugin.inventory;

import java.util.UUID;

/**
 * An instance that Orthanc's index knows.
 *
 * @param sopClass empty if the index does not tell it
 * @param attachment the DICOM file
 */
public record IndexedInstance(String sopClass, UUID attachment) {}
