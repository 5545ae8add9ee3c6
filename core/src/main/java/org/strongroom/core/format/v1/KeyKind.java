package org.strongroom.core.format.v1;

/** What a key record holds (format.md §5.1). */
public enum KeyKind {
    /** A tenant key and its tag key, wrapped by the key source and to the recovery key. */
    TENANT(1),
    /** The key of one study, wrapped by the tenant key. */
    STUDY(2),
    /** The key of one attachment whose study is not known, wrapped by the tenant key. */
    ATTACHMENT(3),
    /** No key any more: as many zero bytes as the record of a destroyed key held, wrapped by the tenant key. */
    DESTROYED(4);

    private final int code;

    KeyKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static KeyKind of(int code) {
        for (KeyKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("key record kind " + code);
    }
}
