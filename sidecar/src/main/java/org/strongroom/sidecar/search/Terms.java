package org.strongroom.sidecar.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.format.v1.Sha256;

/** What events are found by. Stateless. */
final class Terms {
    /** The detail that names a study by its key. */
    static final String KEY = "key";
    /** Of entries that this version cannot read: whoever searches is told of them. */
    static final String UNREADABLE = "unreadable";

    private Terms() {}

    static String user(String name) {
        return "user " + name;
    }

    static String tenant(String name) {
        return "tenant " + name;
    }

    static String type(AuditType type) {
        return "type " + type.wire();
    }

    static String outcome(AuditOutcome outcome) {
        return "outcome " + outcome.wire();
    }

    static String key(String id) {
        return "key " + id;
    }

    /** Those that an entry is found by. */
    static List<String> of(AuditEntry entry) {
        AuditEvent event = entry.event();
        List<String> terms = new ArrayList<>(List.of(type(event.type()), outcome(event.outcome())));
        event.principal().ifPresent(name -> terms.add(user(name)));
        event.tenant().ifPresent(name -> terms.add(tenant(name)));
        if (event.details().containsKey(KEY)) {
            terms.add(key(event.details().get(KEY)));
        }
        return terms;
    }

    /** As it stands in the index. Two terms with one number cost a look at the log, no more. */
    static long number(String term) {
        return ByteBuffer.wrap(Sha256.of(term.getBytes(StandardCharsets.UTF_8)).toBytes())
                .getLong();
    }
}
