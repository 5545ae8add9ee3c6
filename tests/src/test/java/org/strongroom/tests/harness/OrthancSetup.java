package org.strongroom.tests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** How an Orthanc is to run: which Debian's, with which configuration and environment, in which scratch folder. Not thread-safe. */
public final class OrthancSetup {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Debian debian;
    private final Scratch scratch;
    private final ObjectNode configuration = JSON.createObjectNode();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private boolean folder;
    private MemoryLimit memory;

    /** A plain Orthanc on free ports of 127.0.0.1, with no plugin, that lets its DICOM peers do anything. */
    public OrthancSetup(Debian debian, Scratch scratch) {
        this.debian = debian;
        this.scratch = scratch;
        configuration
                .put("Name", "Strongroom test")
                .put("HttpPort", Ports.free())
                .put("DicomPort", Ports.free())
                .put("DicomAet", "ORTHANC")
                .put("StorageDirectory", scratch.folder("orthanc").toString())
                .put("IndexDirectory", scratch.folder("orthanc").toString())
                .put("TemporaryDirectory", scratch.folder("tmp").toString())
                .put("RemoteAccessAllowed", false)
                .put("AuthenticationEnabled", false)
                .put("DicomAlwaysAllowGet", true)
                .put("DicomAlwaysAllowMove", true)
                .put("DicomAlwaysAllowFind", true)
                .put("UnknownSopClassAccepted", true)
                // DICOMweb attaches metadata to a series that has been quiet for so many seconds, in the middle of a
                // test.
                .put("StableAge", 3600)
                // What Orthanc keeps in memory would hide what is wrong below it.
                .put("MaximumStorageCacheSize", 0);
        configuration.putArray("HttpBindAddresses").add("127.0.0.1");
        configuration.putArray("Plugins");
    }

    public OrthancSetup plugin(Path library) {
        configuration.withArray("Plugins").add(library.toString());
        return this;
    }

    /** Another library, at the same place of the list. */
    OrthancSetup inPlaceOf(Path library, Path other) {
        ArrayNode plugins = configuration.withArray("Plugins");
        for (int i = 0; i < plugins.size(); i++) {
            if (plugins.get(i).asText().equals(library.toString())) {
                plugins.set(i, JsonNodeFactory.instance.textNode(other.toString()));
            }
        }
        return this;
    }

    public OrthancSetup withoutPlugin(Path library) {
        Iterator<JsonNode> plugins = configuration.withArray("Plugins").iterator();
        while (plugins.hasNext()) {
            if (plugins.next().asText().equals(library.toString())) {
                plugins.remove();
            }
        }
        return this;
    }

    /** One of the plugins that this Debian ships, by its file name. */
    public OrthancSetup debianPlugin(String file) {
        return plugin(Path.of("/usr/share/orthanc/plugins", file));
    }

    /** Sets one of Orthanc's options to a JSON value. */
    public OrthancSetup set(String option, String json) {
        try {
            configuration.set(option, JSON.readTree(json));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets or, with null, removes one key of the {@code "Strongroom"} section. */
    public OrthancSetup strongroom(String key, JsonNode value) {
        ObjectNode section = configuration.withObject("/Strongroom");
        if (value == null) {
            section.remove(key);
        } else {
            section.set(key, value);
        }
        return this;
    }

    public OrthancSetup environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What {@code ${name}} in the configuration stands for, to Orthanc and to the command line. */
    public OrthancSetup variable(String name, String value) {
        variables.put(name, value);
        return environment(name, value);
    }

    Map<String, String> variables() {
        return variables;
    }

    /** The configuration is a folder, in which Strongroom's section is a file of its own, as in Docker images and Debian's /etc/orthanc. */
    public OrthancSetup asFolder() {
        folder = true;
        return this;
    }

    /** Orthanc, and the sidecar that it starts, have no more memory than this. */
    public OrthancSetup memory(MemoryLimit limit) {
        memory = limit;
        return this;
    }

    /** A DICOM peer that Orthanc may send to. */
    public OrthancSetup modality(String aet, int port) {
        configuration
                .withObject("/DicomModalities")
                .putArray(aet)
                .add(aet)
                .add("127.0.0.1")
                .add(port);
        return this;
    }

    public ObjectNode configuration() {
        return configuration;
    }

    public int httpPort() {
        return configuration.get("HttpPort").asInt();
    }

    public int dicomPort() {
        return configuration.get("DicomPort").asInt();
    }

    /** Starts it and waits until it answers. */
    public OrthancProcess start() {
        return OrthancProcess.start(this);
    }

    /** Starts it, waits until it has refused to run, and gives what it logged. */
    public String startAndFail() {
        return OrthancProcess.startAndFail(this);
    }

    /** Writes the configuration; where it is. */
    public Path write() {
        if (!folder) {
            return write("orthanc.json", configuration);
        }
        Path place = scratch.folder("configuration");
        ObjectNode own = configuration.deepCopy();
        ObjectNode section = JSON.createObjectNode();
        section.set("Strongroom", own.remove("Strongroom"));
        write("configuration/orthanc.json", own);
        write("configuration/strongroom.json", section);
        return place;
    }

    /** Where {@link #write} puts it. */
    Path configurationPath() {
        return scratch.path().resolve(folder ? "configuration" : "orthanc.json");
    }

    private Path write(String name, ObjectNode json) {
        return scratch.file(name, json.toPrettyString().getBytes(StandardCharsets.UTF_8));
    }

    Path logFile() {
        return scratch.path().resolve("orthanc.log");
    }

    Command command() {
        Command command = debian.command("/usr/sbin/Orthanc", write());
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            command = command.with(variable.getKey(), variable.getValue());
        }
        return memory == null ? command : memory.within(command);
    }
}
