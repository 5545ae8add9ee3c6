package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;

/** What is asked of a pair of settings that name a secret: a file, or a variable of the environment. */
final class SecretPlace {
    private SecretPlace() {}

    /** Adds what is wrong with {@code ….File} and {@code ….Env}. */
    static void check(Problems problems, String secret, Optional<Path> file, Optional<String> variable) {
        if (file.isPresent() == variable.isPresent()) {
            String found = file.isPresent() ? "two places" : "no place";
            problems.add(secret + "File", found + ": write exactly one of " + secret + "File and " + secret + "Env");
        }
        variable.ifPresent(name -> {
            if (!name.matches("[A-Z_][A-Z0-9_]*")) {
                // Not shown: people may put the secret itself there.
                problems.add(secret + "Env", "is no variable's name: write capital letters, digits and _");
            } else if (name.startsWith("AWS_")) {
                problems.add(secret + "Env", "the sidecar sees variables named AWS_…: give it another name");
            }
        });
    }
}
