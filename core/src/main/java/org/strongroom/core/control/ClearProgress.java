package org.strongroom.core.control;

import org.strongroom.core.control.Status.Problem;

/**
 * How far the sealing of the files is that Orthanc stored itself before Strongroom. Sizes are bytes, in clear.
 *
 * @param waiting clear files in StorageDirectory
 * @param sealed since Orthanc was started
 * @param unknown of those that wait: neither Orthanc's index nor the journal knows them, so they are left alone
 * @param problem what stands in the way; null if nothing does
 */
public record ClearProgress(
        long waiting, long waitingBytes, long sealed, long sealedBytes, long unknown, Problem problem) {}
