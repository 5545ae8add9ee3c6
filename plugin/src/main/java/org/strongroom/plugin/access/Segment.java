package org.strongroom.plugin.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One segment of a path with placeholders, or the value of an argument. Immutable; equal if written alike.
 *
 * @param template as it is written
 */
record Segment(String template, Pattern pattern, List<Placeholder> placeholders) {
    private static final Pattern NAMED = Pattern.compile("\\{([a-z-]+)\\}");

    static Segment of(String template) {
        StringBuilder regex = new StringBuilder();
        List<Placeholder> placeholders = new ArrayList<>();
        Matcher named = NAMED.matcher(template);
        int end = 0;
        while (named.find()) {
            Placeholder placeholder = Placeholder.named(named.group(1));
            placeholders.add(placeholder);
            regex.append(Pattern.quote(template.substring(end, named.start())))
                    .append('(')
                    .append(placeholder.regex())
                    .append(')');
            end = named.end();
        }
        regex.append(Pattern.quote(template.substring(end)));
        return new Segment(template, Pattern.compile(regex.toString()), List.copyOf(placeholders));
    }

    static boolean isLiteral(String template) {
        return !template.contains("{");
    }

    /** What {@code text} names; empty if it does not fit. */
    Optional<List<Resource>> match(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<Resource> named = new ArrayList<>();
        for (int i = 0; i < placeholders.size(); i++) {
            Placeholder placeholder = placeholders.get(i);
            if (placeholder.level() != null) {
                Stream.of(matcher.group(i + 1).split(",", -1))
                        .distinct()
                        .map(id -> new Resource(placeholder.level(), placeholder.dicom(), id))
                        .forEach(named::add);
            }
        }
        return Optional.of(named);
    }

    /** Those that fit less are tried first: with text beside the placeholder, then with a placeholder that is not just anything. */
    int breadth() {
        boolean bare = template.startsWith("{") && template.indexOf('}') == template.length() - 1;
        return (bare ? 2 : 0) + (placeholders.stream().anyMatch(Placeholder::isAny) ? 1 : 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Segment segment && segment.template.equals(template);
    }

    @Override
    public int hashCode() {
        return template.hashCode();
    }
}
