package org.strongroom.core.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Configuration files as Orthanc's core reads them: comments, trailing commas, variables, folders. */
final class ConfigurationText {
    /** Orthanc's own pattern (Toolbox::SubstituteVariables): a default may be quoted. An unset variable without one is empty. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^:]*?)\\}|\\$\\{([^:]*?):-([^'\"]*?)\\}"
            + "|\\$\\{([^:]*?):-\"([^\"]*?)\"\\}|\\$\\{([^:]*?):-'([^']*?)'\\}");

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ConfigurationText() {}

    static ObjectNode parse(String json, String where) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null
                    ? "?"
                    : String.valueOf(e.getLocation().getLineNr());
            // The parser's own message may quote a value, so it is left out.
            throw refused("not JSON", where).with("line", line).cure("check commas, quotes and braces near this line");
        }
        throw refused("not a JSON object", where).cure("start it with { and end it with }");
    }

    static String load(Path fileOrFolder, Map<String, String> environment) {
        ObjectNode merged = JSON.createObjectNode();
        for (Path file : files(fileOrFolder)) {
            ObjectNode one = parse(substitute(read(file), environment), file.toString());
            for (Map.Entry<String, JsonNode> member : one.properties()) {
                if (merged.putIfAbsent(member.getKey(), member.getValue()) != null) {
                    throw refused("a section is defined in two configuration files", file.toString())
                            .with("section", member.getKey())
                            .cure("keep one of them");
                }
            }
        }
        return merged.toString();
    }

    static String substitute(String text, Map<String, String> environment) {
        Matcher variable = VARIABLE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (variable.find()) {
            String name = first(variable, 1, 2, 4, 6);
            String otherwise = first(variable, 3, 5, 7);
            String value = environment.getOrDefault(name, otherwise == null ? "" : otherwise);
            variable.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return variable.appendTail(result).toString();
    }

    private static String first(Matcher matcher, int... groups) {
        for (int group : groups) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return null;
    }

    private static List<Path> files(Path fileOrFolder) {
        if (!Files.isDirectory(fileOrFolder)) {
            return List.of(fileOrFolder);
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(fileOrFolder)) {
            all.filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".json") && Files.isRegularFile(file))
                    .sorted()
                    .forEach(files::add);
        } catch (IOException e) {
            throw unreadable(fileOrFolder, e);
        }
        return files;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static StrongroomException unreadable(Path file, IOException cause) {
        return refused("the configuration cannot be read", file.toString())
                .cure("check the path and that this user may read it")
                .causedBy(cause);
    }

    private static StrongroomException refused(String text, String file) {
        return StrongroomException.of(FailureKind.REFUSED, text).with("file", file);
    }
}
