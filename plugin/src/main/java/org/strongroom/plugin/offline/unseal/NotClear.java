package org.strongroom.plugin.offline.unseal;

import java.util.UUID;
import org.strongroom.core.error.StrongroomException;

/**
 * An attachment that Orthanc would not find without Strongroom.
 *
 * @param why with a cure
 */
record NotClear(UUID attachment, StrongroomException why) {}
