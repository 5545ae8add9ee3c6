package org.strongroom.plugin.access;

import java.util.Locale;

/** What an identifier in a request names. */
public enum Level {
    PATIENT(Kind.STORED),
    STUDY(Kind.STORED),
    SERIES(Kind.STORED),
    INSTANCE(Kind.STORED),
    /** One of these; only {@link Ownership#find} tells which. */
    RESOURCE(Kind.STORED),
    MODALITY(Kind.REMOTE),
    PEER(Kind.REMOTE),
    /** A remote DICOMweb server. */
    SERVER(Kind.REMOTE),
    JOB(Kind.STARTED),
    QUERY(Kind.STARTED),
    /** A storage commitment that was asked for. */
    COMMITMENT(Kind.STARTED);

    /** Whose it is: of tenants, reached by tenants, of one user. */
    enum Kind {
        STORED,
        REMOTE,
        STARTED
    }

    private final Kind kind;

    Level(Kind kind) {
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /** Whether it is, has or is part of studies. */
    public boolean isStored() {
        return kind == Kind.STORED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
