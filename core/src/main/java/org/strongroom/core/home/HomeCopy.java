package org.strongroom.core.home;

import java.nio.file.Path;
import org.strongroom.core.format.v1.Sha256;

/**
 * A file of Home that every tier holds a copy of, so that a tier and the passphrase, or the recovery kit, are enough when Home is lost (format.md
 * §7.1). Nothing in them is secret: they are public, or sealed.
 */
public enum HomeCopy {
    /** {@code installation.json}. */
    IDENTITY("identity"),
    /** {@code keyring/root.json}. */
    ROOT("root"),
    /** {@code keyring/journal-key.strk}. */
    JOURNAL_KEY("journal-key"),
    /** {@code keyring/journal-recovery.strk}. */
    JOURNAL_RECOVERY_KEY("journal-recovery");

    /** What the names of all copies begin with. */
    public static final String PREFIX = "installation/";

    private static final int DIGITS = 32;

    private final String label;

    HomeCopy(String label) {
        this.label = label;
    }

    /** The file in Home. */
    public Path in(Home home) {
        return switch (this) {
            case IDENTITY -> home.installation();
            case ROOT -> home.rootParameters();
            case JOURNAL_KEY -> home.journalKey();
            case JOURNAL_RECOVERY_KEY -> home.journalRecoveryKey();
        };
    }

    /** The name in a tier of a copy that holds {@code content}; another content has another name. */
    public String objectName(byte[] content) {
        return PREFIX + label + "-" + Sha256.of(content).toString().substring(0, DIGITS);
    }

    /** Whether an object of this name is a copy of this file, at some time. */
    public boolean names(String object) {
        return object.matches(PREFIX + label + "-[0-9a-f]{" + DIGITS + "}");
    }
}
