package org.strongroom.plugin.offline.tier;

import java.util.UUID;
import org.strongroom.core.error.FailureKind;

/**
 * Something in a tier that is not there, does not open or is stale.
 *
 * @param object name of the object in the tier; {@code journal/} if the tier has seen another journal than the one here
 * @param attachment whose bytes in it; null if the object as a whole
 */
public record Fault(String object, UUID attachment, FailureKind kind, String message) {}
