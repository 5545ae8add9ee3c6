package org.strongroom.plugin.access;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.plugin.bridge.HttpMethod;

/**
 * One line of the route table. Immutable.
 *
 * @param methods that it is about
 * @param path as it is written, with its arguments
 * @param need what it needs
 * @param treatments of the answer; empty: it passes as it is
 * @param level what the last identifier of the path names; known beforehand, because it is asked for with every request
 */
public record Route(Set<HttpMethod> methods, String path, Need need, Set<Treatment> treatments, Optional<Level> level) {
    private static final Set<String> CHANGES = Set.of("study:import", "study:annotate", "study:modify", "study:delete");

    public Route {
        methods = Collections.unmodifiableSet(EnumSet.copyOf(methods));
        treatments = Set.copyOf(treatments);
    }

    Route(Set<HttpMethod> methods, String path, Need need, Set<Treatment> treatments) {
        this(methods, path, need, treatments, stores(need, treatments) ? Optional.empty() : levelOf(path));
    }

    /** Whether images are stored, and nothing else: whose they are is decided when they come, whatever study the path says they are of. */
    private static boolean stores(Need need, Set<Treatment> treatments) {
        return need.alternatives().equals(List.of(List.of("study:import")))
                && treatments.equals(Set.of(Treatment.BODY)); // not another plugin's route
    }

    boolean stores() {
        return stores(need, treatments);
    }

    private static Optional<Level> levelOf(String path) {
        Level last = null;
        for (String part : path.split("[/?&]", -1)) {
            String template = part.substring(part.indexOf('=') + 1);
            for (Placeholder placeholder : Segment.of(template).placeholders()) {
                last = placeholder.level() == null ? last : placeholder.level();
            }
        }
        return Optional.ofNullable(last);
    }

    /** The path's segments, the last perhaps {@code **}. */
    List<String> segments() {
        String bare = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        return List.of(bare.split("/", -1)).stream()
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** The arguments that it must be asked with, in lower case, and what stands there; null if that does not matter. */
    Map<String, Segment> arguments() {
        Map<String, Segment> arguments = new LinkedHashMap<>();
        if (path.contains("?")) {
            for (String argument : path.substring(path.indexOf('?') + 1).split("&", -1)) {
                String[] halves = argument.split("=", 2);
                arguments.put(CanonicalRequest.fold(halves[0]), halves.length < 2 ? null : Segment.of(halves[1]));
            }
        }
        return arguments;
    }

    /** Whether it changes what is stored. */
    boolean changes() {
        return need.alternatives().stream().flatMap(List::stream).anyMatch(CHANGES::contains);
    }

    @Override
    public String toString() {
        return methods + " " + path;
    }
}
