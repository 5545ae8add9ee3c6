package org.strongroom.plugin.recover;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;

/**
 * Orthanc's configuration for a Home that is made of a tier: what the person has of it, completed. Nothing that stands in it is
 * changed, but for what an earlier call wrote and Orthanc refuses. Used by one thread.
 */
public final class RecoveredConfiguration {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    private static final String LIBRARY = "libStrongroom.so";
    private static final int JOBS = 10;
    /** The one kind of other plugin that registering needs: where the index is. */
    private static final Pattern INDEX_PLUGIN = Pattern.compile(".*(PostgreSQL|MySQL|ODBC|Odbc)Index.*");

    private final Path file;
    private final ObjectNode root;
    private final String before;
    private boolean written;
    private boolean kept;

    private RecoveredConfiguration(Path file, ObjectNode root, String before) {
        this.file = file;
        this.root = root;
        this.before = before;
    }

    /**
     * What is in {@code file} so far; nothing if it is not there.
     *
     * @throws StrongroomException REFUSED if it is a folder, or no JSON
     */
    public static RecoveredConfiguration of(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw refused("the configuration is to be written to a file, and this is a folder", file)
                    .cure("Name a file: --config /etc/strongroom/orthanc.json. What you still have of the old one"
                            + " may be in it");
        }
        String before = Files.exists(file) ? Files.readString(file) : "";
        try {
            JsonNode root = before.isEmpty() ? JSON.createObjectNode() : JSON.readTree(before);
            if (root instanceof ObjectNode object) {
                return new RecoveredConfiguration(file.toAbsolutePath(), object, before);
            }
        } catch (JsonProcessingException e) {
            throw refused("not JSON", file)
                    .cure("Correct the file, or name one that is not there yet")
                    .causedBy(e);
        }
        throw refused("not a JSON object", file).cure("Correct the file, or name one that is not there yet");
    }

    private ObjectNode section() {
        return root.withObject("/" + Settings.SECTION);
    }

    /**
     * Sets Home.
     *
     * @throws StrongroomException REFUSED if the file names another one
     */
    public void home(Home home) {
        JsonNode known = section().get("Home");
        if (known != null && !new Home(Path.of(known.asText())).equals(home)) {
            throw refused("the configuration names another Home", file)
                    .with("Strongroom.Home", known.asText())
                    .cure("Name that one with --home, or take it out of the file");
        }
        section().put("Home", home.root().toString());
    }

    /** The passphrase file, if the root key comes of one that is still to be made. */
    public void passphrase(Path passphrase) {
        section().putObject("RootKey").put("PassphraseFile", passphrase.toString());
    }

    public boolean hasRootKey() {
        return section().has("RootKey");
    }

    /** Whether there is a tier of this name. */
    public boolean hasTier(String name) {
        return section().path("Tiers").has(name);
    }

    /** Adds a tier, unless one is there already, which gets what opens it if it has nothing; its name. */
    public String tier(ObjectNode settings) {
        ObjectNode tiers = section().withObject("/Tiers");
        for (Map.Entry<String, JsonNode> known : tiers.properties()) {
            if (SamePlace.isOneTier(known.getValue(), settings)) {
                JsonNode credentials = settings.at("/S3/CredentialsFile");
                if (credentials.isTextual()) {
                    ((ObjectNode) known.getValue().path("S3")).putIfAbsent("CredentialsFile", credentials);
                }
                return known.getKey();
            }
        }
        String name = Stream.of("offsite", "recovered")
                .filter(free -> !tiers.has(free))
                .findFirst()
                .orElse("kit");
        tiers.set(name, settings);
        return name;
    }

    /** An empty JSON object, for {@link #tier}. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** What else Orthanc needs. */
    public void complete(Path distribution, Home home) {
        ArrayNode plugins = root.path("Plugins").isArray() ? root.withArray("Plugins") : root.putArray("Plugins");
        boolean named = false;
        for (JsonNode plugin : plugins) {
            named |= plugin.asText().endsWith(LIBRARY);
        }
        if (!named) {
            plugins.insert(0, distribution.resolve(LIBRARY).toString());
        }
        if (!root.has("StorageDirectory") && !root.has("IndexDirectory")) {
            String folder = home.root().resolve("orthanc").toString();
            root.put("StorageDirectory", folder).put("IndexDirectory", folder);
        }
        completeForTenants();
    }

    /**
     * Takes users and tenants over from the settings of a snapshot, where the file does not say who may see what, and writes it.
     *
     * @param variables names of those that Orthanc will have
     * @throws StrongroomException REFUSED if tenants' data may only be in some places, and nobody knows where a tier is
     */
    public RecoveredAccess access(Home home, Set<String> variables) throws IOException {
        Optional<JsonNode> settings = RecoveredAccess.settings(home);
        Optional<ObjectNode> snapshot = settings.map(RecoveredAccess::said).map(ObjectNode::deepCopy);
        List<RecoveredAccess.Missing> gone = new ArrayList<>();
        if (snapshot.isPresent()) {
            gone.addAll(fit(settings.orElseThrow(), snapshot.get()));
        }
        requirePlaces(TenantPlaces.of(home).haveJurisdictions());
        RecoveredAccess access = RecoveredAccess.of(root, snapshot, variables);
        return access.from() == RecoveredAccess.From.SNAPSHOT ? access.and(gone) : access;
    }

    /** Completes the file with what a snapshot says, so far as Orthanc starts with it here; returns what has to be looked at. */
    private List<RecoveredAccess.Missing> fit(JsonNode settings, ObjectNode snapshot) throws IOException {
        boolean completes = !saysWhoMaySeeWhat();
        if (completes) {
            places(settings.path("Tiers")); // first: of tiers that a tenant does not permit none is counted
        }
        List<RecoveredAccess.Missing> tiers = RecoveredPlacing.fit(snapshot, settings.path("Tiers"), section());
        RecoveredPeople.fit(snapshot);
        if (completes) {
            RecoveredAccess.complete(section(), snapshot);
            completeForTenants();
        }
        if (completes || RecoveredAccess.isOf(section(), snapshot)) {
            RecoveredPeople.fit(section()); // whom a version before this one let stand
            RecoveredCopies.keep(section());
            write();
        }
        List<RecoveredAccess.Missing> missing = new ArrayList<>(RecoveredPeople.missing(settings, section()));
        missing.addAll(tiers);
        missing.addAll(RecoveredCopies.missing(settings, section()));
        return missing;
    }

    /** Whether the file says who may see what, as it is now. */
    boolean saysWhoMaySeeWhat() {
        return RecoveredAccess.isIn(section());
    }

    /** A tier that is where it was is in the same jurisdiction. */
    private void places(JsonNode former) {
        for (JsonNode tier : section().path("Tiers")) {
            for (JsonNode was : former) {
                if (SamePlace.isOneStore(tier, was) && was.has("Jurisdiction")) {
                    ((ObjectNode) tier).putIfAbsent("Jurisdiction", was.get("Jurisdiction"));
                }
            }
        }
    }

    /** @param former whether studies of tenants that are remembered may only be in some places */
    private void requirePlaces(boolean former) {
        boolean bound = former;
        for (JsonNode tenant : section().path("Tenants")) {
            bound |= !tenant.path("Jurisdictions").isEmpty();
        }
        for (Map.Entry<String, JsonNode> tier : section().path("Tiers").properties()) {
            if (bound && !tier.getValue().has("Jurisdiction")) {
                throw refused(
                                "a tenant's data may only be in some jurisdictions, and nothing says where a tier is",
                                file)
                        .with("setting", "Strongroom.Tiers." + tier.getKey() + ".Jurisdiction")
                        .cure("Write it into the file that --config names, and run the same command again: it goes on"
                                + " where it was");
            }
        }
    }

    /** Without these Strongroom does not start where there are several tenants: a title alone is easily copied. */
    private void completeForTenants() {
        if (section().path("Tenants").size() > 1) {
            root.putIfAbsent("DicomCheckModalityHost", BooleanNode.TRUE);
            root.putIfAbsent("DicomAlwaysAllowStore", BooleanNode.FALSE);
        }
    }

    /** Writes it, and keeps what was there before beside it, once. */
    public void write() throws IOException {
        String text = root.toPrettyString() + "\n";
        if (!before.isEmpty()) {
            if (JSON.readTree(before).equals(root)) {
                return;
            }
            if (!Files.exists(copy())) {
                DurableFiles.replace(copy(), before.getBytes(StandardCharsets.UTF_8));
                kept = true;
            }
        }
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
        written = true;
    }

    private Path copy() {
        return file.resolveSibling(file.getFileName() + ".before");
    }

    /** Leaves it as it was before {@link #write}. */
    public void takeBack() throws IOException {
        if (!written) {
            return;
        }
        if (before.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            DurableFiles.replace(file, before.getBytes(StandardCharsets.UTF_8));
        }
        if (kept) {
            Files.delete(copy());
        }
        written = false;
    }

    /**
     * The same for an Orthanc that nobody but this program talks to, and that forwards nothing it is given: with our plugin alone,
     * and the one that keeps the index, and without the people of the clinic.
     *
     * @param leftOut tiers that are not there
     */
    public void writeForRegistering(Path to, Set<String> leftOut) throws IOException {
        ObjectNode own = root.deepCopy();
        without(own.withObject("/" + Settings.SECTION), leftOut);
        List<String> plugins = new ArrayList<>();
        for (JsonNode plugin : own.path("Plugins")) {
            plugins.addAll(files(plugin.asText()));
        }
        ArrayNode kept = own.putArray("Plugins");
        plugins.stream()
                .filter(plugin ->
                        plugin.endsWith(LIBRARY) || INDEX_PLUGIN.matcher(plugin).matches())
                .forEach(kept::add);
        if (hasPostgres()
                && plugins.stream()
                        .noneMatch(plugin -> INDEX_PLUGIN.matcher(plugin).matches())) {
            throw refused("the index is to be in PostgreSQL, and Plugins has no plugin for that", file)
                    .cure("Add libOrthancPostgreSQLIndex.so to Plugins (Debian: apt install orthanc-postgresql)");
        }
        own.put("HttpServerEnabled", false);
        own.put("DicomServerEnabled", false);
        own.put("RemoteAccessAllowed", false);
        own.put("AuthenticationEnabled", false);
        own.put("OverwriteInstances", false);
        own.put("LimitFindResults", 0);
        own.put("LimitFindInstances", 0);
        own.put("JobsHistorySize", JOBS); // what Strongroom asks for where access is controlled
        own.remove("DicomWeb");
        own.remove("MultitenantDicom"); // that plugin is not loaded, and under a restriction its servers are refused
        RegisteringAccess.write(own.withObject("/" + Settings.SECTION));
        own.put("SaveJobs", false); // what the index remembers was being sent when it was copied
        own.putArray("LuaScripts");
        own.remove("LuaFolder");
        own.withObject("/" + Settings.SECTION + "/Snapshots")
                .put("Enabled", false); // of an index that is not whole yet
        for (String folder : List.of("StorageDirectory", "IndexDirectory", "TemporaryDirectory")) {
            if (own.has(folder)) {
                own.put(folder, file.resolveSibling(own.get(folder).asText()).toString());
            }
        }
        DurableFiles.replace(to, own.toPrettyString().getBytes(StandardCharsets.UTF_8));
    }

    private static void without(ObjectNode section, Set<String> leftOut) {
        if (leftOut.isEmpty()) {
            return;
        }
        ObjectNode tiers = section.withObject("/Tiers");
        tiers.remove(leftOut);
        if (section.path("Copies").asInt(1) > tiers.size()) {
            section.put("Copies", tiers.size());
        }
        RecoveredPlacing.fit(section, tiers, section);
    }

    private boolean hasPostgres() {
        return root.path("PostgreSQL").path("EnableIndex").asBoolean(false);
    }

    /** Orthanc takes a folder for all of the plugins in it. */
    private List<String> files(String plugin) throws IOException {
        Path folder = file.resolveSibling(plugin);
        if (!Files.isDirectory(folder)) {
            return List.of(plugin);
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    private static StrongroomException refused(String text, Path file) {
        return StrongroomException.of(FailureKind.REFUSED, text).with("--config", file);
    }
}
