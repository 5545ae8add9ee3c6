package org.strongroom.sidecar.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.sidecar.audit.InclusionProof;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.audit.Verdict;
import org.strongroom.sidecar.report.Evidence;
import org.strongroom.sidecar.report.HtmlPage;
import org.strongroom.sidecar.report.PdfPages;

/** A report with what proves it beside it, for somebody who takes it away: nothing but the verifier key has to be believed. For one report. */
final class EvidenceFolder {
    private static final FileAttribute<Set<PosixFilePermission>> OWN_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWN_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final Map<String, String> sums = new TreeMap<>();

    private EvidenceFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes it; only who runs this may read it.
     *
     * @param folder does not exist yet
     * @param log that the evidence is of
     */
    static void write(Path folder, Evidence evidence, Verdict verdict, Path log) throws IOException {
        byte[] page = HtmlPage.of(evidence.document()).getBytes(StandardCharsets.UTF_8);
        byte[] pdf = PdfPages.of(evidence.document());
        try {
            Files.createDirectory(folder, OWN_FOLDER);
        } catch (FileAlreadyExistsException e) {
            throw StrongroomException.of(FailureKind.REFUSED, "there is something of this name")
                    .with("folder", folder)
                    .cure("Name a folder that does not exist yet")
                    .causedBy(e);
        }
        Files.createDirectory(folder.resolve("proof"), OWN_FOLDER);
        EvidenceFolder files = new EvidenceFolder(folder);
        files.write("evidence.html", page);
        files.write("evidence.pdf", pdf);
        JsonMapper json = new JsonMapper();
        files.write("evidence.json", json.writeValueAsBytes(evidence.document().json()));
        files.write("proof/verified.json", json.writeValueAsBytes(verdict));
        for (String name : new String[] {"checkpoint", "key.pub"}) {
            files.write("proof/" + name, Files.readAllBytes(log.resolve(name)));
        }
        LogReader reader = new LogReader(log);
        for (long index : evidence.cited()) {
            files.prove(reader, index, verdict);
        }
        StringBuilder list = new StringBuilder();
        files.sums.forEach(
                (name, sum) -> list.append(sum).append("  ").append(name).append('\n'));
        files.write("SHA256SUMS", list.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What a log that is not whole does not prove is left out: it is told that it is not whole. */
    private void prove(LogReader reader, long index, Verdict verdict) throws IOException {
        InclusionProof proof;
        try {
            proof = reader.prove(index);
        } catch (StrongroomException e) {
            if (verdict.ok()) {
                throw e;
            }
            return;
        }
        write("proof/" + index + ".json", proof.entry().getBytes(StandardCharsets.UTF_8));
        write("proof/" + index + ".tlog-proof", proof.text().getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, byte[] content) throws IOException {
        Files.createFile(folder.resolve(name), OWN_FILE);
        Files.write(folder.resolve(name), content, StandardOpenOption.WRITE);
        sums.put(name, Sha256.of(content).toString());
    }
}
