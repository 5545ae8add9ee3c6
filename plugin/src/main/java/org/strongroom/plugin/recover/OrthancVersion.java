package org.strongroom.plugin.recover;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of an Orthanc, as far as its index depends on it. Immutable. */
public record OrthancVersion(int major, int minor, int patch) implements Comparable<OrthancVersion> {
    private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4})");

    /** The first version in a text; empty if there is none (a development version says "mainline"). */
    public static Optional<OrthancVersion> in(String text) {
        Matcher found = NUMBERS.matcher(text);
        return found.find()
                ? Optional.of(new OrthancVersion(
                        Integer.parseInt(found.group(1)),
                        Integer.parseInt(found.group(2)),
                        Integer.parseInt(found.group(3))))
                : Optional.empty();
    }

    /** Asks the program. */
    public static Optional<OrthancVersion> of(Path program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return in(said);
    }

    @Override
    public int compareTo(OrthancVersion other) {
        return Arrays.compare(new int[] {major, minor, patch}, new int[] {other.major, other.minor, other.patch});
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
