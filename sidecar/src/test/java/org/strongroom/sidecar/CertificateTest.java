package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.control.CertificateFile;
import org.strongroom.core.control.CertificateProofs;
import org.strongroom.core.control.CertificateRequest;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.CertificateCheck;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.audit.ProofVerification;

/** Proofs of an erasure, over real HTTP out of a log that goes on, and what a check of them finds altered. */
class CertificateTest {
    private static final UUID ERASURE = UUID.randomUUID();
    private static final List<UUID> KEYS = List.of(UUID.randomUUID(), UUID.randomUUID());

    @TempDir
    Path folder;

    private Clinic clinic;
    private Service service;
    private ControlClient client;
    private PendingLog plugin;

    @BeforeEach
    void start() throws IOException {
        clinic = new Clinic(folder, "near").open();
        service = new Service(clinic.rooms, false);
        client = ControlClient.connect(clinic.home);
        plugin = PendingLog.open(clinic.home.pendingAudit(), "plugin", clinic.rooms.clock, RunningTime.system());
    }

    @AfterEach
    void stop() throws IOException {
        plugin.close();
        service.close();
        clinic.close();
    }

    private void record(int others) throws IOException {
        for (int i = 0; i < others; i++) {
            plugin.record(AuditEvent.of(AuditType.VIEW).with("key", KEYS.get(0)));
        }
    }

    private void step(UUID erasure, String name) throws IOException {
        plugin.record(
                AuditEvent.of(AuditType.RETENTION).with("erasure", erasure).with("step", name));
    }

    private void destroyed(UUID erasure, UUID key) throws IOException {
        plugin.record(AuditEvent.of(AuditType.KEY)
                .with("key", key)
                .with("erasure", erasure)
                .with("destroyed", true));
    }

    private static List<String> statement(String reason) {
        return CertificateFile.statement(ERASURE, List.of("ordered by Dr. Roe: " + reason), KEYS, List.of("the end"));
    }

    private CertificateProofs certify(List<String> statement, List<UUID> keys) {
        return client.certify(new CertificateRequest(
                ERASURE,
                statement == null ? null : CertificateFile.digest(statement).toString(),
                KEYS.size(),
                keys,
                "root"));
    }

    private CertificateFile certificate() throws IOException {
        record(3);
        step(ERASURE, "order");
        step(UUID.randomUUID(), "order");
        step(ERASURE, "approve");
        destroyed(ERASURE, KEYS.get(0));
        record(300);
        destroyed(ERASURE, KEYS.get(1));
        destroyed(ERASURE, KEYS.get(1)); // told twice, behind a kill
        CertificateProofs proofs = certify(statement("letter"), KEYS);
        return new CertificateFile(statement("letter"), proofs.log(), proofs.events());
    }

    private CertificateCheck check(CertificateFile file) throws IOException {
        return CertificateCheck.of(
                file, ProofVerification.by(Files.readString(clinic.home.audit().resolve("key.pub"))));
    }

    @Test
    void whatIsPendingIsSignedAndProvedAtOnceAndOneCertificateIsOneEvent() throws IOException {
        CertificateFile file = certificate();
        assertThat(file.events()).hasSize(5);
        CertificateCheck check = check(file);
        assertThat(check.bad()).isEmpty();
        assertThat(check.erasure()).isEqualTo(ERASURE.toString());
        assertThat(check.keys()).isEqualTo(2);
        assertThat(check.at()).isNotNull();

        long size = new LogReader(clinic.home.audit()).size();
        CertificateProofs again = certify(statement("letter"), List.of());
        assertThat(new LogReader(clinic.home.audit()).size())
                .as("no second event")
                .isEqualTo(size);
        assertThat(again.events())
                .extracting(ProvedEvent::index)
                .containsExactlyElementsOf(file.events().subList(0, 3).stream()
                        .map(ProvedEvent::index)
                        .toList());
        record(700);
        clinic.rooms.audit.flush();
        assertThat(check(new CertificateFile(
                                statement("letter"),
                                again.log(),
                                certify(statement("letter"), KEYS).events()))
                        .bad())
                .as("by a later checkpoint")
                .isEmpty();
        assertThat(check(file).bad()).as("the older one still proves it").isEmpty();
    }

    @Test
    void aKeyThatTheLogDoesNotKnowToBeDestroyedIsNotProved() throws IOException {
        step(ERASURE, "approve");
        destroyed(ERASURE, KEYS.get(0));
        destroyed(UUID.randomUUID(), KEYS.get(1));
        assertThat(certify(null, KEYS).events()).hasSize(1);
        assertThat(certify(null, List.of()).events()).isEmpty();
    }

    @Test
    void whatIsAlteredIsNamed() throws IOException {
        CertificateFile file = certificate();
        assertThat(bad(file.events(), statement("letter from Mars"), file.log()))
                .containsExactly("the statement: it is not the one that is in the log");
        List<String> oneKey = file.statement().stream()
                .filter(line -> !line.endsWith(KEYS.get(0).toString()))
                .toList();
        assertThat(bad(file.events(), oneKey, file.log()))
                .containsExactly(
                        "the statement: it is not the one that is in the log",
                        "key " + KEYS.get(0) + ": it was destroyed, and the statement does not name it");
        assertThat(bad(file.events().subList(0, 4), file.statement(), file.log()))
                .containsExactly("key " + KEYS.get(1) + ": nothing proves that it was destroyed");
        assertThat(bad(file.events().subList(3, 5), file.statement(), file.log()))
                .containsExactly("the statement: nothing proves that it is in the log");
        assertThat(bad(file.events(), file.statement(), "other+00000000+AAAA"))
                .containsExactly("it names another verifier key than the one that it is checked with");

        ProvedEvent last = file.events().get(4);
        ProvedEvent event = new ProvedEvent(last.index(), last.event().replace("true", "nope"), last.proof());
        assertThat(bad(with(file, event), file.statement(), file.log()))
                .containsExactly(
                        "event " + last.index() + ": the event, or the hashes of its proof, are not those of the log",
                        "key " + KEYS.get(1) + ": nothing proves that it was destroyed");
        ProvedEvent place = new ProvedEvent(last.index() - 1, last.event(), last.proof());
        assertThat(bad(with(file, place), file.statement(), file.log()).get(0)).contains("at another place");
        ProvedEvent moved = new ProvedEvent(
                last.index() - 1,
                last.event(),
                last.proof().replace("index " + last.index(), "index " + (last.index() - 1)));
        assertThat(bad(with(file, moved), file.statement(), file.log()).get(0)).contains("are not those of the log");
        String size = String.valueOf(new LogReader(clinic.home.audit()).size());
        ProvedEvent signed =
                new ProvedEvent(last.index(), last.event(), last.proof().replace("\n" + size + "\n", "\n9999\n"));
        assertThat(bad(with(file, signed), file.statement(), file.log()).get(0)).contains("signature of a checkpoint");
    }

    /** The digest is over all lines together: one that is two would be signed, and its second half not be looked at. */
    @Test
    void aKeyHidesInNoOtherLine() throws IOException {
        CertificateFile file = certificate();
        UUID living = UUID.randomUUID();
        for (String end : List.of("\n", "\r")) {
            List<String> statement = new ArrayList<>(file.statement());
            statement.add("the end" + end + "key " + living);
            assertThatThrownBy(() -> new CertificateFile(statement, file.log(), file.events()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] hidden = new String(ControlJson.write(file), StandardCharsets.UTF_8)
                .replace("the end", "the end\\nkey " + living)
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ControlJson.readAnswer(hidden, CertificateFile.class))
                .isInstanceOf(StrongroomException.class);
    }

    /** No single character of the file can be another one, and it still is what was signed. */
    @Test
    void everyByteOfAProofCounts() throws IOException {
        CertificateFile file = certificate();
        ProvedEvent last = file.events().get(4);
        for (int at = 0; at < last.proof().length(); at++) {
            char[] text = last.proof().toCharArray();
            text[at] = text[at] == 'A' ? 'B' : 'A';
            ProvedEvent altered = new ProvedEvent(last.index(), last.event(), new String(text));
            assertThat(bad(with(file, altered), file.statement(), file.log()))
                    .as("character " + at)
                    .isNotEmpty();
        }
    }

    private static List<ProvedEvent> with(CertificateFile file, ProvedEvent last) {
        List<ProvedEvent> events = new ArrayList<>(file.events());
        events.set(events.size() - 1, last);
        return events;
    }

    private List<String> bad(List<ProvedEvent> events, List<String> statement, String log) throws IOException {
        CertificateFile file = new CertificateFile(statement, log, events);
        return check(ControlJson.readAnswer(ControlJson.write(file), CertificateFile.class))
                .bad();
    }
}
