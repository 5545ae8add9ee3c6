package org.strongroom.core.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.TenantIds;
import org.strongroom.core.io.DurableFiles;

/**
 * Where studies of tenants may be, as the settings last said of each. A tenant that is taken out of the settings leaves its studies here, and what was
 * said of them is not taken back by that. Immutable.
 */
public final class TenantPlaces {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JURISDICTIONS = "Jurisdictions";
    private static final String TIERS = "Tiers";
    private static final String ONES = "OnlyTenants";
    private static final Set<String> FIELDS = Set.of(JURISDICTIONS, TIERS, ONES);

    private final Map<String, Place> byName;
    private final Path file;

    /**
     * @param tiers empty for all
     * @param ones whether it is only a name that the only tenant had before: nothing to go by until there are several
     */
    private record Place(List<String> jurisdictions, Optional<List<String>> tiers, boolean ones) {
        private static Optional<Place> of(TenantSettings tenant) {
            return Optional.of(new Place(tenant.jurisdictions(), tenant.tiers(), false))
                    .filter(place -> !place.saysNothing());
        }

        private Place as(boolean another) {
            return new Place(jurisdictions, tiers, another);
        }

        private boolean saysNothing() {
            return jurisdictions.isEmpty() && tiers.isEmpty();
        }

        private boolean isFor(String name, TierSettings tier) {
            return Residency.permit(jurisdictions, tier.jurisdiction().orElse(""))
                    && (tiers.isEmpty() || tiers.get().contains(name));
        }

        private ObjectNode json() {
            ObjectNode node = JSON.createObjectNode();
            if (!jurisdictions.isEmpty()) {
                jurisdictions.forEach(node.putArray(JURISDICTIONS)::add);
            }
            tiers.ifPresent(names -> names.forEach(node.putArray(TIERS)::add));
            if (ones) {
                node.put(ONES, true);
            }
            return node;
        }

        /** What is not understood must not be taken for leave to be anywhere. */
        private static Place of(JsonNode node) {
            if (!node.isObject()) {
                throw new IllegalArgumentException("not an object");
            }
            node.fieldNames().forEachRemaining(name -> {
                if (!FIELDS.contains(name)) {
                    throw new IllegalArgumentException("not known here");
                }
            });
            return new Place(
                    texts(node.path(JURISDICTIONS)),
                    node.has(TIERS) ? Optional.of(texts(node.path(TIERS))) : Optional.empty(),
                    node.path(ONES).asBoolean());
        }

        private static List<String> texts(JsonNode array) {
            if (!array.isMissingNode() && !array.isArray()) {
                throw new IllegalArgumentException("not an array");
            }
            List<String> texts = new ArrayList<>();
            for (JsonNode each : array) {
                if (!each.isTextual()) {
                    throw new IllegalArgumentException("not a text");
                }
                texts.add(each.asText());
            }
            return List.copyOf(texts);
        }
    }

    private TenantPlaces(Map<String, Place> byName, Path file) {
        this.byName = Map.copyOf(byName);
        this.file = file;
    }

    /**
     * What is remembered in {@code home}; where nothing is yet, what its last settings said.
     *
     * @throws StrongroomException CORRUPT if the file cannot be understood
     */
    public static TenantPlaces of(Home home) throws IOException {
        Path file = home.tenantPlaces();
        Optional<TenantPlaces> remembered = read(file);
        return remembered.isPresent() ? remembered.get() : of(file, home.settings());
    }

    /**
     * What a machine that is lost remembered; where its snapshot did not tell, what its settings in {@code home} said.
     *
     * @param copy of its file; need not be there
     * @throws StrongroomException CORRUPT if it cannot be understood
     */
    public static TenantPlaces lost(Home home, Path copy) throws IOException {
        Optional<TenantPlaces> remembered = read(copy);
        return remembered.isPresent() ? remembered.get() : of(copy, home.recoveredSettings());
    }

    /**
     * The tenants whose studies do not go where everybody's do, by their ids, also those that the only one had under its former names.
     *
     * @throws StrongroomException REFUSED if nobody has told which these are; CORRUPT if a file cannot be understood
     */
    public static Map<UUID, String> ids(Home home, Settings settings) throws IOException {
        Set<String> placed = settings.placedTenants();
        return TenantIds.require(
                home.tenantIds(), placed, placed.isEmpty() ? Set.of() : of(home).formerNames(settings));
    }

    private static TenantPlaces of(Path file, Path settings) throws IOException {
        TenantPlaces none = new TenantPlaces(Map.of(), file);
        return settings(settings).map(none::with).orElse(none);
    }

    private static Optional<TenantPlaces> read(Path file) throws IOException {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new IllegalArgumentException("not an object");
            }
            Map<String, Place> places = new TreeMap<>();
            for (Map.Entry<String, JsonNode> one : node.properties()) {
                places.put(one.getKey(), Place.of(one.getValue()));
            }
            return Optional.of(new TenantPlaces(places, file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException | CharConversionException | IllegalArgumentException e) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT, "the file that says where studies of former tenants may be is damaged")
                    .with("file", file)
                    .cure("Remove it if Strongroom.Tenants names every tenant that has studies here")
                    .causedBy(e);
        }
    }

    /** Empty if they are not there, or of a version that had other settings. */
    private static Optional<Settings> settings(Path file) throws IOException {
        try {
            return Optional.of(Settings.parse(Files.readString(file)));
        } catch (NoSuchFileException | StrongroomException e) {
            return Optional.empty();
        }
    }

    /**
     * With what another machine remembered of tenants of whom nothing is remembered here.
     *
     * @param called gives what a tenant's tiers are called now, by its name and what they were called; without one of them its studies may be in any
     */
    public TenantPlaces withLost(TenantPlaces lost, BiFunction<String, List<String>, List<String>> called) {
        Map<String, Place> places = new TreeMap<>(byName);
        lost.byName.forEach((name, place) -> places.computeIfAbsent(name, unknown -> {
            Optional<List<String>> tiers =
                    place.tiers.map(were -> called.apply(name, were)).filter(are -> !are.isEmpty());
            Place now = new Place(place.jurisdictions, tiers, place.ones);
            return now.saysNothing() ? null : now;
        }));
        return new TenantPlaces(places, file);
    }

    /** What these settings say, and what is remembered of tenants that they do not name. */
    public TenantPlaces with(Settings settings) {
        Map<String, Place> places = new TreeMap<>(byName);
        places.replaceAll((name, place) -> place.as(place.ones && hasNoSecond(settings)));
        settings.tenants().forEach((name, tenant) -> {
            places.remove(name);
            Place.of(tenant).ifPresent(place -> places.put(name, place));
        });
        return new TenantPlaces(places, file);
    }

    /** Whether it is only a name that the only tenant had before. */
    public boolean isFormerName(String name) {
        return byName.containsKey(name) && byName.get(name).ones;
    }

    private Set<String> formerNames(Settings settings) {
        return byName.entrySet().stream()
                .filter(place -> place.getValue().ones && hasNoSecond(settings))
                .map(Map.Entry::getKey)
                .filter(name -> !settings.tenants().containsKey(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean hasNoSecond(Settings settings) {
        return settings.tenants().size() < 2;
    }

    /**
     * The same where all is the only tenant's, who had these names: on the day when there are several, what was sealed under another one is to be where
     * theirs was.
     */
    public TenantPlaces withOne(Settings settings, Set<String> names) {
        Optional<Place> only = Optional.ofNullable(settings.tenants().get(settings.firstTenant()))
                .flatMap(Place::of);
        Map<String, Place> places = new TreeMap<>(byName);
        for (String name : names) {
            places.remove(name);
            only.ifPresent(
                    place -> places.put(name, place.as(!settings.tenants().containsKey(name))));
        }
        return new TenantPlaces(places, file);
    }

    /** The jurisdictions that former tenants' studies may be in, by the names of those that the settings do not name and that said so. */
    public Map<String, List<String>> formerJurisdictions(Settings settings) {
        Map<String, List<String>> former = new TreeMap<>();
        byName.forEach((name, place) -> {
            if (!settings.tenants().containsKey(name) && !place.ones && !place.jurisdictions.isEmpty()) {
                former.put(name, place.jurisdictions);
            }
        });
        return former;
    }

    /** Whether studies of any tenant may only be in some jurisdictions. */
    public boolean haveJurisdictions() {
        return byName.values().stream().anyMatch(place -> !place.jurisdictions.isEmpty());
    }

    /** @throws StrongroomException REFUSED if studies of a tenant that the settings do not name would go where they were not to */
    public void require(Settings settings) {
        new TreeMap<>(byName).forEach((name, place) -> {
            List<String> outside = settings.tiers().entrySet().stream()
                    .filter(tier -> settings.isPermitted(tier.getKey()))
                    .filter(tier -> !place.isFor(tier.getKey(), tier.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
            boolean former = !settings.tenants().containsKey(name) && !(place.ones && hasNoSecond(settings));
            if (former && !outside.isEmpty()) {
                throw StrongroomException.of(
                                FailureKind.REFUSED,
                                "a tenant is not in the settings any more, and its studies would go to tiers where they may"
                                        + " not be")
                        .with("Strongroom.Tenants", name)
                        .with("may be in", place.json())
                        .with("would go to", String.join(", ", outside))
                        .cure(write(settings) + " Strongroom.Tenants." + name
                                + " again, without Sources if nothing new is to be its;"
                                + " or with other " + JURISDICTIONS + " and " + TIERS + ", if its studies may be there."
                                + " If none of its studies is left remove its entry from " + file);
            }
        });
    }

    /** Only an Orthanc that starts can tell; the former name beside the present one would make two tenants of one for good. */
    private static String write(Settings settings) {
        return settings.tenants().size() == 1
                ? "If it is the same tenant under another name, start Orthanc with these settings first; do not write"
                        + " the former name as well. Otherwise, or if Orthanc does not start, write"
                : "Write";
    }

    /** Writes it, durable on return, unless it is so already. */
    public void write() throws IOException {
        ObjectNode node = JSON.createObjectNode();
        new TreeMap<>(byName).forEach((name, place) -> node.set(name, place.json()));
        byte[] text = (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        if (!Files.exists(file) ? !byName.isEmpty() : !Arrays.equals(Files.readAllBytes(file), text)) {
            DurableFiles.replace(file, text);
        }
    }
}
