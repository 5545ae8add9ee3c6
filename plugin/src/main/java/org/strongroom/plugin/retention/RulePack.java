package org.strongroom.plugin.retention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one jurisdiction says, as far as the facts of a study tell. Public facts, checked as docs/decisions/0036 says; a clinic's lawyer
 * decides whether they are all. Immutable.
 *
 * @param name ISO 3166 of the country or part of it, such as {@code DE} or {@code US-CA}
 * @param within whose rules count as well
 * @param notes what a reader of a plan must know
 */
record RulePack(String name, String title, Optional<String> within, List<String> notes, List<Rule> rules) {
    /** All that come with Strongroom. */
    static final Set<String> NAMES = Set.of("DE", "FR", "GB-ENG", "NL", "US", "US-CA", "US-CO", "US-TX");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> MEMBERS = Set.of("title", "within", "notes", "rules");
    private static final Set<String> RULE_MEMBERS = Set.of(
            "id",
            "citation",
            "text",
            "effective",
            "years",
            "start",
            "modalities",
            "except",
            "purpose",
            "from",
            "under");

    RulePack {
        notes = List.copyOf(notes);
        rules = List.copyOf(rules);
    }

    /** The rules of these packs, and of those they lie within, each once. */
    static List<Rule> rules(List<String> names) {
        Set<String> all = new LinkedHashSet<>();
        for (String name : names) {
            for (Optional<String> next = Optional.of(name);
                    next.isPresent();
                    next = load(next.get()).within()) {
                all.add(next.get());
            }
        }
        return all.stream().flatMap(name -> load(name).rules().stream()).toList();
    }

    /** Reads a pack that comes with Strongroom. */
    static RulePack load(String name) {
        try (InputStream in = RulePack.class.getResourceAsStream(name + ".json")) {
            if (in == null) {
                throw new IllegalArgumentException("no rule pack " + name);
            }
            return parse(name, JSON.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException if something is missing, unknown or impossible: a rule that is misread deletes */
    static RulePack parse(String name, JsonNode pack) {
        require(pack, MEMBERS, name);
        List<Rule> rules = new ArrayList<>();
        pack.required("rules").forEach(rule -> rules.add(rule(name, rule)));
        return new RulePack(
                name,
                pack.required("title").textValue(),
                Optional.ofNullable(pack.path("within").textValue()),
                texts(pack.path("notes")).toList(),
                rules);
    }

    private static Rule rule(String pack, JsonNode rule) {
        String id = pack + "/" + rule.required("id").textValue();
        require(rule, RULE_MEMBERS, id);
        return new Rule(
                id,
                rule.required("citation").textValue(),
                Optional.of(LocalDate.parse(rule.required("text").textValue())),
                Optional.ofNullable(rule.path("effective").textValue()).map(LocalDate::parse),
                rule.required("years").asInt(0),
                Start.valueOf(constant(rule.required("start"))),
                Set.of(),
                Set.copyOf(texts(rule.path("modalities")).toList()),
                Set.copyOf(texts(rule.path("except")).toList()),
                rule.has("purpose") ? Optional.of(Purpose.valueOf(constant(rule.get("purpose")))) : Optional.empty(),
                age(rule.path("from")),
                age(rule.path("under")));
    }

    private static void require(JsonNode object, Set<String> known, String where) {
        object.fieldNames().forEachRemaining(member -> {
            if (!known.contains(member)) {
                throw new IllegalArgumentException(where + " has an unknown member " + member);
            }
        });
    }

    private static String constant(JsonNode text) {
        return text.textValue().toUpperCase(Locale.ROOT);
    }

    private static Stream<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.textValue()));
        return texts.stream();
    }

    private static OptionalInt age(JsonNode number) {
        return number.isInt() ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
    }
}
