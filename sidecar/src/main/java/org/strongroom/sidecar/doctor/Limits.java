package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.control.ControlFile;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

/** How many files the running sidecar, and the Orthanc that started it, may open. */
final class Limits {
    /** 50 HTTP threads, DICOM associations, a database, and every file that is read or written meanwhile. */
    private static final long LEAST = 1024;

    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d+)");

    private Limits() {}

    static List<Finding> examine(Home home) {
        List<Finding> findings = new ArrayList<>();
        try {
            ProcessHandle.of(ControlFile.read(home.control()).pid()).ifPresent(sidecar -> {
                look("the sidecar", Path.of("/proc/" + sidecar.pid() + "/limits"), findings);
                sidecar.parent()
                        .filter(parent -> parent.pid() > 1)
                        .ifPresent(orthanc -> look("Orthanc", Path.of("/proc/" + orthanc.pid() + "/limits"), findings));
            });
        } catch (IOException | StrongroomException e) {
            return findings; // no sidecar runs, or it is not ours to see: RunningOrthanc tells
        }
        return findings;
    }

    static void look(String who, Path limits, List<Finding> findings) {
        try {
            Matcher files = OPEN_FILES.matcher(Files.readString(limits));
            if (files.find() && Long.parseLong(files.group(1)) < LEAST) {
                findings.add(Finding.warning(
                        who + " may open only " + files.group(1) + " files at a time",
                        "images are refused when many arrive at once",
                        "raise LimitNOFILE of its service, or ulimit -n, to 4096"));
            }
        } catch (IOException e) {
            return; // another user's process, or one that has ended
        }
    }
}
