package org.strongroom.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The figures as one flat object: the median under the figure's name, the spread under {@code name.min} and {@code name.max}. */
final class Json {
    private Json() {}

    static void write(Path file, Map<String, Spread> figures) throws IOException {
        ObjectNode flat = new ObjectMapper().createObjectNode();
        figures.forEach((name, spread) -> {
            flat.put(name, rounded(spread.median()));
            flat.put(name + ".min", rounded(spread.min()));
            flat.put(name + ".max", rounded(spread.max()));
        });
        Files.writeString(file, flat.toPrettyString() + "\n");
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
