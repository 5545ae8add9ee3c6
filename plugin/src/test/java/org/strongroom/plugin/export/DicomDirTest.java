package org.strongroom.plugin.export;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class DicomDirTest {
    @TempDir
    Path folder;

    /** It may be executable and nothing that this machine can run: no fault of the disk. */
    @Test
    void aProgramThatCannotBeStartedIsNamed() throws IOException {
        Path program = Files.writeString(folder.resolve("dcmmkdir"), "#!/not/there\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        DicomDir directory = DicomDir.installed(folder.toString()).orElseThrow();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> directory.make(folder))
                .withMessageContaining("cannot be started")
                .matches(failure -> failure.kind() == FailureKind.UNAVAILABLE)
                .matches(failure -> program.toString().equals(failure.context().get("program")));
    }
}
