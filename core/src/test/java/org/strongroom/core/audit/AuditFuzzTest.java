package org.strongroom.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.fuzz.Fuzz;

class AuditFuzzTest {
    @TempDir
    Path folder;

    @Test
    void entry() throws Exception {
        Fuzz.of("audit-entry")
                .refuses(FailureKind.CORRUPT)
                .words(
                        "null",
                        "\"details\":{}",
                        "\\ud800",
                        "\\u0000",
                        "-1",
                        "1e9",
                        "{",
                        "}",
                        "\"x\":\"",
                        "+1000000000-")
                .drawn("full", AuditEntryTest.ENTRY.encode())
                .drawn("short", "{\"id\":\"0-0-0-0-0\"}".getBytes(UTF_8))
                .run(input -> {
                    AuditEntry entry = AuditEntry.decode(input);
                    assertThat(entry.encode()).hasSizeLessThanOrEqualTo(AuditEntry.LONGEST);
                    assertThat(AuditEntry.decode(entry.encode())).isEqualTo(entry);
                });
    }

    /** Two files, whatever the first holds: every byte of it is in an entry, in a frame around one, or told as unreadable. */
    @Test
    void pendingFiles() throws Exception {
        byte[] frame = PendingFrame.encode(AuditEntryTest.ENTRY.encode());
        byte[] two = new byte[2 * frame.length];
        System.arraycopy(frame, 0, two, 0, frame.length);
        System.arraycopy(frame, 0, two, frame.length, frame.length);
        Files.write(PendingFrame.file(folder, 2), frame);
        Fuzz.of("audit-pending").drawn("two", two).drawn("none", new byte[0]).run(input -> {
            Files.write(PendingFrame.file(folder, 1), input);
            PendingReader reader = new PendingReader(folder);
            long told = 0;
            int files = 0;
            for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
                Pending pending = next.get();
                files = Math.max(files, pending.file());
                told += pending.unreadable();
                told += pending.entry().isPresent() ? PendingFrame.OVERHEAD + pending.json().length : 0;
            }
            assertThat(files).isEqualTo(2);
            assertThat(told).isEqualTo(input.length + frame.length);
        });
    }
}
