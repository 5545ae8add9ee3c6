package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.InclusionProof;
import org.strongroom.sidecar.audit.LogReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "proof",
        description = "Prove that one event is in the log to somebody who has only the verifier key (C2SP tlog-proof).")
final class AuditProofCommand implements Callable<Integer> {
    @ParentCommand
    private AuditCommand audit;

    @Parameters(paramLabel = "INDEX", description = "Of the event, as search tells it.")
    private long index;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description =
                    "Write INDEX.json (the event) and INDEX.tlog-proof into this folder, instead of printing them.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        Session session = audit.session();
        audit.tellRead(session, "audit proof", List.of());
        LogReader reader = new LogReader(audit.log(session));
        long size = reader.size();
        if (index < 0 || index >= size) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "the audit log has no such event yet")
                    .with("index", index)
                    .with("events", size)
                    .cure(
                            "Look for it with \"strongroom audit search\"; events are there after Audit.CheckpointInterval");
        }
        InclusionProof proof = reader.prove(index);
        session.console().object(proof);
        if (folder == null) {
            session.console().line(proof.entry());
            session.console().line("");
            session.console().line(proof.text().stripTrailing());
        } else {
            Files.writeString(folder.resolve(index + ".json"), proof.entry());
            Files.writeString(folder.resolve(index + ".tlog-proof"), proof.text());
        }
        return Console.DONE;
    }
}
