package org.strongroom.plugin.offline.shred;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.control.CertificateFile;
import org.strongroom.core.control.CertificateProofs;
import org.strongroom.core.control.CertificateRequest;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.control.Remains;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;

/** A certificate is complete with its proofs only; what the log answers is written down here, in {@code CertificateTest} of the sidecar it is a log. */
class CertificateProvingTest extends OneStudyCommands {
    private static final UUID ID = UUID.randomUUID();

    private final List<CertificateRequest> asked = new ArrayList<>();

    private static Certificate certificate(List<UUID> keys, int destroyed, long here) {
        Erasure erasure = new Erasure(
                ID,
                Instant.EPOCH,
                new ErasureText("Dr. Roe", "letter"),
                Optional.of(new ErasureText("Dr. Doe", "checked")),
                Optional.empty(),
                Set.copyOf(keys),
                Set.copyOf(keys.subList(0, destroyed)));
        List<Remains> remains = keys.stream()
                .map(key -> new Remains(key, 0, 0, 0, here, Map.of()))
                .toList();
        return new Certificate(erasure, remains, Instant.EPOCH);
    }

    /** A log that knows of the end of these. */
    private CertificateProofs answer(CertificateRequest request, Set<UUID> known) {
        asked.add(request);
        List<ProvedEvent> events = new ArrayList<>();
        if (request.statement() != null) {
            events.add(new ProvedEvent(1, "{}", "proof"));
        }
        request.keys().stream().filter(known::contains).forEach(one -> events.add(new ProvedEvent(2, "{}", "proof")));
        return new CertificateProofs("log", events);
    }

    private Certificate prove(Certificate certificate, Set<UUID> known) throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            return CertificateProving.prove(certificate, keyring, Set.of("offsite"), request -> answer(request, known));
        }
    }

    @Test
    void nothingIsAskedOfTheLogWhileSomethingIsLeft() throws IOException {
        List<UUID> keys = List.of(UUID.randomUUID(), UUID.randomUUID());
        assertThat(prove(certificate(keys, 2, 1), Set.copyOf(keys)).isComplete())
                .isFalse();
        assertThat(prove(certificate(keys, 1, 0), Set.copyOf(keys)).isComplete())
                .isFalse();
        assertThat(asked).isEmpty();
    }

    @Test
    void itIsCompleteWithAProofOfEachKeyAndSaysTheSameEachTime() throws IOException {
        List<UUID> keys = Stream.generate(UUID::randomUUID).limit(450).toList();
        Certificate complete = prove(certificate(keys, 450, 0), Set.copyOf(keys));
        assertThat(complete.isComplete()).isTrue();
        assertThat(complete.lines().get(0)).startsWith("COMPLETE");
        CertificateFile file = complete.file().orElseThrow();
        assertThat(file.events()).hasSize(451);
        assertThat(file.erasure()).contains(ID.toString());
        assertThat(file.keys()).hasSize(450);
        assertThat(file.statement())
                .contains(
                        "ordered 1970-01-01T00:00:00Z by Dr. Roe: letter",
                        "approved by Dr. Doe: checked",
                        "These keys are destroyed, and nothing that they sealed is left on this machine and in tier offsite.");
        assertThat(asked).extracting(request -> request.keys().size()).containsExactly(200, 200, 50, 0);
        assertThat(asked.get(3).statement())
                .isEqualTo(CertificateFile.digest(file.statement()).toString());
        assertThat(prove(certificate(keys, 450, 0), Set.copyOf(keys)).file().orElseThrow())
                .isEqualTo(file);
    }

    @Test
    void itIsPendingWhileTheLogDoesNotProveAKeyOrDoesNotAnswer() throws IOException {
        List<UUID> keys = List.of(UUID.randomUUID(), UUID.randomUUID());
        Certificate pending = prove(certificate(keys, 2, 0), Set.of(keys.get(0)));
        assertThat(pending.isComplete()).isFalse();
        assertThat(pending.file()).isEmpty();
        assertThat(pending.lines().get(0)).startsWith("PENDING");
        assertThat(pending.left()).singleElement().asString().contains("no event of the end of 1 key");
        assertThat(asked).as("nothing is stated that is not proved").allMatch(one -> one.statement() == null);
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            Certificate unanswered = CertificateProving.prove(certificate(keys, 2, 0), keyring, Set.of(), request -> {
                throw StrongroomException.of(FailureKind.CORRUPT, "the log is not what was signed");
            });
            assertThat(unanswered.isComplete()).isFalse();
            assertThat(unanswered.left())
                    .containsExactly("to be proved by the audit log: the log is not what was signed");
        }
    }
}
