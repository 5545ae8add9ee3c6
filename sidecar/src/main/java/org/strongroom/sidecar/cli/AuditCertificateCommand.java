package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.control.CertificateFile;
import org.strongroom.core.control.ControlJson;
import org.strongroom.sidecar.audit.CertificateCheck;
import org.strongroom.sidecar.audit.ProofVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "certificate",
        description =
                "Check a certificate of destruction (strongroom shred certificate --to) with nothing but the verifier key, anywhere,"
                        + " and say what in it was altered. Exit status 0 only if nothing was.")
final class AuditCertificateCommand implements Callable<Integer> {
    @ParentCommand
    private AuditCommand audit;

    @Parameters(paramLabel = "FILE", description = "The certificate.")
    private Path file;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The verifier key, from where nobody could change it. Default: key.pub beside the log")
    private Path key;

    @Override
    public Integer call() throws IOException {
        Console console = audit.session().console();
        Path verifier = key != null ? key : audit.log(audit.session()).resolve("key.pub");
        ProofVerification proofs = ProofVerification.by(Files.readString(verifier));
        CertificateFile certificate = ControlJson.readAnswer(Files.readAllBytes(file), CertificateFile.class);
        CertificateCheck check = CertificateCheck.of(certificate, proofs);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", check.ok());
        json.put("erasure", check.erasure());
        json.put("keys", check.keys());
        json.put("at", Objects.toString(check.at(), null));
        json.put("bad", check.bad());
        console.object(json);
        if (check.ok()) {
            console.line("ok, " + Amounts.count(check.keys(), "study key") + " of erasure " + check.erasure()
                    + " destroyed; nothing was left at " + check.at());
            certificate.statement().forEach(console::line);
        }
        check.bad().forEach(line -> console.line("BAD: " + line));
        return check.ok() ? Console.DONE : Console.NOT_DONE;
    }
}
