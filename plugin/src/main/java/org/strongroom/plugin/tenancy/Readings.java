package org.strongroom.plugin.tenancy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Whether Orthanc has read what arrived as Strongroom did. It tells only what it calls an instance, which is made of all that says
 * whose it is: another name is another study, perhaps another tenant's. Thread-safe.
 */
final class Readings {
    /** By attachment, from its arrival until Orthanc has it in its index, or has it no longer. */
    private final Map<UUID, Set<String>> expected = new HashMap<>();

    private final Map<UUID, String> differing = new HashMap<>();
    private Runnable listener = () -> {};

    /** @param instance what Orthanc may call it, as this file was read; none if it could not be */
    synchronized void expect(UUID attachment, Set<String> instance) {
        expected.put(attachment, Set.copyOf(instance));
    }

    /** Orthanc calls it so. */
    void stored(UUID attachment, String instance) {
        compare(attachment, instance);
        listener.run();
    }

    private synchronized void compare(UUID attachment, String instance) {
        Set<String> names = expected.remove(attachment);
        if (names != null && !names.contains(instance)) {
            differing.put(attachment, instance);
        }
    }

    /** Orthanc does not have this attachment, or has it no longer. */
    synchronized void gone(UUID attachment) {
        expected.remove(attachment);
        differing.remove(attachment);
    }

    /** By attachment, what Orthanc calls the instances that it has read in another way. */
    synchronized Map<UUID, String> differing() {
        return Map.copyOf(differing);
    }

    /** @param listener told of everything that is stored; must not block */
    void listen(Runnable listener) {
        this.listener = listener;
    }
}
