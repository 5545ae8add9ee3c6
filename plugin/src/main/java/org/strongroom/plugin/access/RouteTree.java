package org.strongroom.plugin.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.plugin.bridge.HttpMethod;

/** Finds the line of a route table for a path. Filled once, then read by many threads. */
final class RouteTree {
    private static final String REST = "**";

    private final Node root = new Node();

    /** What a path leads to: where the lines for its methods are, and what it names. */
    record Place(Map<HttpMethod, List<Line>> lines, List<Resource> named) {}

    /** A line with its arguments taken apart, see {@link Route#arguments}. */
    record Line(Route route, Map<String, Segment> arguments) {}

    private static final class Node {
        final Map<String, Node> literal = new HashMap<>();
        final List<Map.Entry<Segment, Node>> open = new ArrayList<>();
        Node rest;
        final Map<HttpMethod, List<Line>> lines = new EnumMap<>(HttpMethod.class);
    }

    /** @throws IllegalArgumentException if a line with this path, arguments and method is there */
    void add(Route route) {
        Line line = new Line(route, route.arguments());
        Node node = root;
        for (String segment : route.segments()) {
            node = next(node, segment);
        }
        for (HttpMethod method : route.methods()) {
            List<Line> there = node.lines.computeIfAbsent(method, none -> new ArrayList<>());
            if (there.stream()
                    .anyMatch(other ->
                            other.arguments().keySet().equals(line.arguments().keySet()))) {
                throw new IllegalArgumentException("twice in the route table: " + method + " " + route.path());
            }
            there.add(line);
            // Who asks with more arguments is held to the line that names more of them.
            there.sort(Comparator.comparingInt(one -> -one.arguments().size()));
        }
    }

    private static Node next(Node node, String segment) {
        if (segment.equals(REST)) {
            node.rest = node.rest == null ? new Node() : node.rest;
            return node.rest;
        }
        if (Segment.isLiteral(segment)) {
            return node.literal.computeIfAbsent(segment, none -> new Node());
        }
        Segment open = Segment.of(segment);
        for (Map.Entry<Segment, Node> there : node.open) {
            if (there.getKey().equals(open)) {
                return there.getValue();
            }
        }
        Node made = new Node();
        node.open.add(Map.entry(open, made));
        node.open.sort(Comparator.comparingInt(entry -> entry.getKey().breadth()));
        return made;
    }

    /** The most particular path in the table that this one is, whatever its methods. */
    Optional<Place> find(List<String> segments) {
        return find(root, segments, List.of());
    }

    private static Optional<Place> find(Node node, List<String> segments, List<Resource> named) {
        if (segments.isEmpty()) {
            Node end = node.lines.isEmpty() && node.rest != null ? node.rest : node;
            return end.lines.isEmpty() ? Optional.empty() : Optional.of(new Place(end.lines, named));
        }
        String first = segments.get(0);
        List<String> others = segments.subList(1, segments.size());
        Node literal = node.literal.get(first);
        Optional<Place> found = literal == null ? Optional.empty() : find(literal, others, named);
        for (int i = 0; found.isEmpty() && i < node.open.size(); i++) {
            Optional<List<Resource>> here = node.open.get(i).getKey().match(first);
            if (here.isPresent()) {
                List<Resource> all = new ArrayList<>(named);
                all.addAll(here.get());
                found = find(node.open.get(i).getValue(), others, all);
            }
        }
        if (found.isEmpty() && node.rest != null) {
            found = Optional.of(new Place(node.rest.lines, named));
        }
        return found;
    }
}
