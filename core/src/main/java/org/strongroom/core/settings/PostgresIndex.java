package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.secret.Secret;

/**
 * How Orthanc's plugin reaches the database that has its index: the section {@code "PostgreSQL"}, in libpq's words. What is wrong with it
 * says whoever connects. Immutable.
 *
 * @param connection libpq's keywords and their values; all of them secret, because one of them is
 * @param understood whether that is all of what the section says: else libpq would choose another database by itself
 */
public record PostgresIndex(Map<String, Secret> connection, boolean understood) {
    /** {@code postgresql://user:password@host:port,…/database?keyword=value&…}, all of it but the scheme optional. */
    private static final Pattern URI =
            Pattern.compile("postgres(?:ql)?://(?:([^@/]*)@)?([^/?]*)(?:/([^?]*))?(?:\\?(.*))?", Pattern.DOTALL);

    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*\\]|[^:\\[]*)(?::([0-9]*))?");

    /** {@code keyword = value} or {@code keyword = 'value'}; a backslash keeps what follows it. */
    private static final Pattern PAIR = Pattern.compile(
            "\\s*([a-z_]+)\\s*=\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|((?:[^\\s\\\\]|\\\\.)*))", Pattern.DOTALL);

    /** What the plugin hands to libpq if the section says nothing. */
    private static final Map<String, String> DEFAULTS = Map.of("host", "localhost", "port", "5432");

    public PostgresIndex {
        connection = Map.copyOf(connection);
    }

    /** Reads the section as the plugin does. */
    static PostgresIndex of(JsonNode section) {
        String uri = section.path("ConnectionUri").asText();
        Optional<Map<String, String>> words = !section.has("ConnectionUri")
                ? ofPairs(pairs(section)).map(PostgresIndex::withDefaults)
                : uri.startsWith("postgres") && uri.contains("://") ? ofUri(uri) : ofPairs(uri);
        Map<String, Secret> secret = new TreeMap<>();
        words.orElse(Map.of()).forEach((word, value) -> secret.put(word, Secret.of(value)));
        return new PostgresIndex(secret, words.isPresent());
    }

    /** The plugin puts values as they are into the text that libpq reads: a backslash or a quote in them is libpq's. */
    private static String pairs(JsonNode section) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("Host", "host");
        names.put("Port", "port");
        names.put("Database", "dbname");
        names.put("Username", "user");
        names.put("Password", "password");
        StringBuilder pairs = new StringBuilder();
        names.forEach((name, word) -> {
            String value = section.path(name).asText();
            pairs.append(value.isEmpty() ? "" : " " + word + "=" + value);
        });
        return pairs.append(" sslmode=")
                .append(section.path("EnableSsl").asBoolean(false) ? "require" : "disable")
                .toString();
    }

    private static Map<String, String> withDefaults(Map<String, String> words) {
        Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
        all.putAll(words);
        return all;
    }

    /** Empty if it is not understood. */
    private static Optional<Map<String, String>> ofUri(String uri) {
        Map<String, String> words = new LinkedHashMap<>();
        Matcher parts = URI.matcher(uri);
        if (!parts.matches()) {
            return Optional.empty();
        }
        if (parts.group(1) != null) {
            String[] user = parts.group(1).split(":", 2);
            put(words, "user", decoded(user[0]));
            put(words, "password", user.length == 2 ? decoded(user[1]) : "");
        }
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (String each : parts.group(2).split(",", -1)) {
            Matcher host = HOST.matcher(each);
            if (!host.matches()) {
                return Optional.empty();
            }
            hosts.add(decoded(host.group(1)).replaceAll("^\\[|\\]$", ""));
            ports.add(host.group(2) == null ? "" : host.group(2));
        }
        put(words, "host", String.join(",", hosts));
        put(words, "port", String.join(",", ports));
        put(words, "dbname", decoded(parts.group(3) == null ? "" : parts.group(3)));
        for (String pair : (parts.group(4) == null ? "" : parts.group(4)).split("&", -1)) {
            String[] word = pair.split("=", 2);
            if (word.length == 2) {
                put(words, decoded(word[0]).toLowerCase(Locale.ROOT), decoded(word[1]));
            }
        }
        if ("true".equals(words.remove("ssl"))) { // as JDBC writes it, which libpq understands
            words.put("sslmode", "require");
        }
        return Optional.of(words);
    }

    /** Empty if it is not understood to its end. */
    private static Optional<Map<String, String>> ofPairs(String text) {
        Map<String, String> words = new LinkedHashMap<>();
        Matcher pair = PAIR.matcher(text);
        while (pair.lookingAt()) {
            String value = pair.group(2) != null ? pair.group(2) : pair.group(3);
            words.put(pair.group(1), value.replaceAll("\\\\(.)", "$1"));
            pair.region(pair.end(), text.length());
        }
        return text.substring(pair.regionStart()).isBlank() ? Optional.of(words) : Optional.empty();
    }

    /** A plus sign is one in this kind of URI. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // libpq will not like it either
        }
    }

    private static void put(Map<String, String> words, String word, String value) {
        if (!value.isEmpty()) {
            words.put(word, value);
        }
    }
}
