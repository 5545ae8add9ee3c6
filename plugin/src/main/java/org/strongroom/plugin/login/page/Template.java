package org.strongroom.plugin.login.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages beside this class, with {@code {names}} where values go. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z]+)}");
    private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();

    private Template() {}

    /** A piece of a page as it stands. Everything else is text, whatever is in it. */
    record Html(String html) {
        static final Html NONE = new Html("");
    }

    /**
     * A piece of a page.
     *
     * @param values texts or {@link Html}, by name; every place has one
     */
    static Html fill(String name, Map<String, Object> values) {
        Matcher places = PLACE.matcher(text(name + ".html"));
        StringBuilder page = new StringBuilder();
        while (places.find()) {
            Object value = values.get(places.group(1));
            if (value == null) {
                throw new IllegalArgumentException("nothing for " + places.group(1) + " in " + name);
            }
            String html = value instanceof Html piece ? piece.html() : escape(value.toString());
            places.appendReplacement(page, Matcher.quoteReplacement(html));
        }
        return new Html(places.appendTail(page).toString());
    }

    /** A file as it is. */
    static String text(String file) {
        return TEXTS.computeIfAbsent(file, Template::load);
    }

    private static String load(String file) {
        try (InputStream in = Template.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no such page: " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
