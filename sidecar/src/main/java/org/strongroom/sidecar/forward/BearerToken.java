package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A token in a file or a variable of the environment, if the settings name one. No message shows it. Immutable.
 *
 * @param environment answers null if there is no such variable
 */
record BearerToken(Optional<Path> file, Optional<String> variable, Function<String, String> environment)
        implements HttpsPost.Token {
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    /** @throws IOException if what the settings name holds no token: nothing is sent without one then */
    @Override
    public Optional<String> read() throws IOException {
        if (file.isPresent()) {
            String text = Files.readString(file.get(), StandardCharsets.ISO_8859_1);
            return Optional.of(checked(text.lines().findFirst().orElse(""), "the first line of " + file.get()));
        }
        if (variable.isPresent()) {
            String text = environment.apply(variable.get());
            return Optional.of(checked(text == null ? "" : text, "the variable " + variable.get()));
        }
        return Optional.empty();
    }

    private static String checked(String text, String where) throws IOException {
        String token = text.strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException(where + " is no token: printable ASCII without blanks is wanted");
        }
        return token;
    }
}
