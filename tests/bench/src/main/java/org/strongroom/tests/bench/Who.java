package org.strongroom.tests.bench;

import java.util.Locale;

/** Who takes part. */
enum Who {
    /** Orthanc on its own file system, with its default fsync. */
    PLAIN("plain Orthanc"),
    STRONGROOM("Strongroom"),
    /** The same with an audit log that takes nothing ({@link Unrecorded}). */
    UNRECORDED("Strongroom without its audit log"),
    /** One synchronous PUT per attachment, whole objects only. */
    SYNC("synchronous store"),
    /** Orthanc's storage area on {@code rclone mount}: crypt, full VFS cache. */
    RCLONE("rclone mount");

    private final String title;

    Who(String title) {
        this.title = title;
    }

    /** Whether a sidecar belongs to it. */
    boolean isStrongroom() {
        return this == STRONGROOM || this == UNRECORDED;
    }

    String title() {
        return title;
    }

    /** As in the names of figures. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
