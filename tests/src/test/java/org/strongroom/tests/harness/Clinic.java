package org.strongroom.tests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.strongroom.core.secret.Key32;
import org.strongroom.sidecar.cli.Commands;

/**
 * One installation in a scratch folder: Home, root key, a directory tier named {@code offsite}, and an Orthanc with Strongroom
 * and DICOMweb. The smallest configuration of the README, for trials on one disk. Not thread-safe.
 */
public final class Clinic implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> HERE = Set.of("status", "ship", "evict", "undelete", "uplink", "audit");
    private static final Set<String> KEYED = Set.of(
            "verify",
            "fsck",
            "unseal",
            "prefetch",
            "urgent",
            "kit",
            "key",
            "drill",
            "export",
            "hold",
            "retention",
            "shred",
            "snapshot",
            "breakglass");
    private static final Pattern SEALED = Pattern.compile("[0-9a-f-]{36}");

    private final Debian debian;
    private final Scratch scratch = new Scratch();
    private final OrthancSetup setup;
    private final List<OrthancProcess> started = new ArrayList<>();
    private JsonNode section;
    /** For what takes longer the more there is. */
    private Duration patience = Duration.ofMinutes(2);

    private int viewerPort;
    private int sendFolders;

    public Clinic(Debian debian) {
        this.debian = debian;
        this.setup = new OrthancSetup(debian, scratch);
        byte[] key = new byte[Key32.SIZE];
        new SecureRandom().nextBytes(key);
        setup.plugin(Distribution.get().library())
                .debianPlugin("libOrthancDicomWeb.so")
                .strongroom("Home", text(home()))
                .strongroom("RootKey", rootKey("KeyFile", scratch.file("root-key", key)));
        directoryTier("offsite");
    }

    /**
     * Opened by the passphrase in the file {@code passphrase} of the scratch folder, as the README has it. Otherwise it is the key in the
     * file {@code root-key}: out of a passphrase each start, and each command that knows the keys, computes it for a second.
     */
    public Clinic withPassphrase() {
        byte[] words = "correct horse battery staple\n".getBytes(StandardCharsets.UTF_8);
        setup.strongroom("RootKey", rootKey("PassphraseFile", scratch.file("passphrase", words)));
        return this;
    }

    private static ObjectNode rootKey(String source, Path file) {
        return JSON.createObjectNode().put(source, file.toString());
    }

    /** Commands, and what ships, may take this much longer than usual: tests whose amounts a flag raises say how much. */
    public Clinic patient(Duration longer) {
        patience = patience.plus(longer);
        return this;
    }

    /** How its Orthanc is going to run. */
    public OrthancSetup setup() {
        return setup;
    }

    public Scratch scratch() {
        return scratch;
    }

    /** A folder that Strongroom makes at its first start. */
    public Path home() {
        return scratch.path().resolve("home");
    }

    /** The folder of a directory tier. */
    public Path tier(String name) {
        return scratch.path().resolve("tier-" + name);
    }

    /** Adds a directory tier. */
    public Clinic directoryTier(String name) {
        ObjectNode tier = JSON.createObjectNode()
                .put("Directory", scratch.folder("tier-" + name).toString());
        setup.configuration().withObject("/Strongroom/Tiers").set(name, tier.put("AllowSameDisk", true));
        return this;
    }

    /** A bucket instead of the directory tier; the credentials are copied to {@code credentials} in the scratch folder. */
    public Clinic onlyBucket(String name, String bucket, URI endpoint, Path credentials) {
        return onlyTier(name, "S3", s3(bucket, endpoint, credentials));
    }

    /** A bucket beside the directory tier; the credentials are copied to {@code credentials} in the scratch folder. */
    public Clinic bucket(String name, String bucket, URI endpoint, Path credentials) {
        ObjectNode settings = s3(bucket, endpoint, credentials);
        setup.configuration()
                .withObject("/Strongroom/Tiers")
                .set(name, JSON.createObjectNode().set("S3", settings));
        return this;
    }

    private ObjectNode s3(String bucket, URI endpoint, Path credentials) {
        return JSON.createObjectNode()
                .put("Bucket", bucket)
                .put("Endpoint", endpoint.toString())
                .put("PathStyle", true)
                .put("CredentialsFile", copy(credentials));
    }

    /** Locks what is put into the bucket of {@link #onlyBucket}, and deletes with these credentials. */
    public Clinic lock(String name, String mode, String period, Path deleter) {
        ObjectNode bucket = setup.configuration().withObject("/Strongroom/Tiers/" + name + "/S3");
        bucket.set("Lock", JSON.createObjectNode().put("Mode", mode).put("Period", period));
        bucket.put("DeleterCredentialsFile", copy("deleter", deleter));
        return this;
    }

    /** A container instead of the directory tier; the account's key is copied to {@code credentials} in the scratch folder. */
    public Clinic onlyContainer(String name, String container, String account, URI endpoint, Path key) {
        return onlyTier(name, "Azure", azure(container, account, endpoint, copy(key)));
    }

    /** A container beside the other tiers; the account's key is copied to {@code key} in the scratch folder. */
    public Clinic container(String name, String container, String account, URI endpoint, Path key) {
        ObjectNode settings = azure(container, account, endpoint, copy("key", key));
        setup.configuration()
                .withObject("/Strongroom/Tiers")
                .set(name, JSON.createObjectNode().set("Azure", settings));
        return this;
    }

    private static ObjectNode azure(String container, String account, URI endpoint, String key) {
        return JSON.createObjectNode()
                .put("Container", container)
                .put("Endpoint", endpoint.toString())
                .put("Account", account)
                .put("KeyFile", key);
    }

    /** Packs of a tier go to an archive class when they are so old. */
    public Clinic archiving(String name, String storageClass, String after) {
        setup.configuration()
                .withObject("/Strongroom/Tiers/" + name)
                .putObject("Archive")
                .put("StorageClass", storageClass)
                .put("After", after);
        return this;
    }

    private Clinic onlyTier(String name, String kind, ObjectNode settings) {
        ObjectNode tiers = JSON.createObjectNode();
        tiers.set(name, JSON.createObjectNode().set(kind, settings));
        setup.strongroom("Tiers", tiers);
        return this;
    }

    private String copy(Path credentials) {
        return copy("credentials", credentials);
    }

    private String copy(String name, Path credentials) {
        try {
            return scratch.file(name, Files.readAllBytes(credentials)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Before {@link #start}: with another distribution's library. */
    public Clinic withLibrary(Path library) {
        setup.inPlaceOf(Distribution.get().library(), library);
        return this;
    }

    /** Before {@link #start}: the same Orthanc, plain, as it was before Strongroom was switched on. */
    public Clinic withoutStrongroom() {
        section = setup.configuration().remove("Strongroom");
        setup.withoutPlugin(Distribution.get().library());
        return this;
    }

    /** Undoes {@link #withoutStrongroom}; takes effect at the next start. */
    public Clinic withStrongroom() {
        setup.plugin(Distribution.get().library()).configuration().set("Strongroom", section);
        return this;
    }

    /** A port for a DICOM workstation named {@code VIEWER}, to which Orthanc may send. Before {@link #start}. */
    public int viewerPort() {
        if (viewerPort == 0) {
            viewerPort = Ports.free();
            setup.modality("VIEWER", viewerPort);
        }
        return viewerPort;
    }

    /** A new folder with these images as files. */
    public Path sendFolder(List<byte[]> images) {
        Path folder = scratch.folder("send-" + ++sendFolders);
        for (int i = 0; i < images.size(); i++) {
            scratch.file(folder.getFileName() + "/" + i + ".dcm", images.get(i));
        }
        return folder;
    }

    /** Takes a directory tier away, as a cable that is pulled. */
    public void unmount(String name) {
        rename(tier(name), scratch.path().resolve("unmounted-" + name));
    }

    /** Undoes {@link #unmount}. */
    public void mount(String name) {
        rename(scratch.path().resolve("unmounted-" + name), scratch.path().resolve("tier-" + name));
    }

    /** The local sealed files that still have their bodies. */
    public List<Path> wholeSealedFiles() {
        return Stream.of("spool", "cache")
                .flatMap(folder -> ClearText.files(home().resolve(folder)).stream())
                .filter(file -> SEALED.matcher(file.getFileName().toString()).matches())
                .toList();
    }

    /** A folder like one of Java 11's, for {@code JAVA_HOME}. */
    public Path oldJava() {
        Path home = scratch.folder("java-11");
        scratch.folder("java-11/lib");
        scratch.folder("java-11/lib/server");
        scratch.file("java-11/release", "JAVA_VERSION=\"11.0.2\"\n".getBytes(StandardCharsets.US_ASCII));
        scratch.file("java-11/lib/server/libjvm.so", new byte[0]);
        return home;
    }

    public OrthancProcess start() {
        OrthancProcess orthanc = setup.start();
        started.add(orthanc);
        return orthanc;
    }

    /** Makes Home, keys and tiers as the first start of Orthanc would, without one. */
    public Clinic init() {
        setup.write();
        process("init").orFail();
        return this;
    }

    /**
     * A command of the distribution's command line, as the user that runs Orthanc. What tests ask for all the time is done by the same
     * classes without a Java of its own: what needs no keys in this process, with the tests' Java and user, and what does by
     * {@link KeyedCommands}. {@link #process} is the real thing.
     */
    public Command.Result cli(Object... words) {
        List<String> texts = Stream.of(words).map(String::valueOf).toList();
        boolean withKeys = texts.contains("--study") || texts.contains("--patient");
        if (HERE.contains(texts.get(0)) && !withKeys) {
            return here(configured(texts));
        }
        boolean alone = setup.variables().isEmpty() && !texts.contains("-");
        return KEYED.contains(texts.get(0)) && alone
                ? KeyedCommands.run(debian, configured(texts), patience.plusMinutes(3))
                : process(words);
    }

    private List<String> configured(List<String> words) {
        return Stream.concat(Stream.of("--config", setup.configurationPath().toString()), words.stream())
                .toList();
    }

    private Command.Result here(List<String> all) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(setup.variables());
        Duration deadline = patience.plusMinutes(3);
        Commands.Ended ended;
        try {
            ended = CompletableFuture.supplyAsync(() -> Commands.run(environment, all.toArray(new String[0])), task -> {
                        Thread thread = new Thread(task, "here");
                        thread.setDaemon(true);
                        thread.start();
                    })
                    .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("not finished within " + deadline + ": " + String.join(" ", all), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + String.join(" ", all), e);
        }
        return new Command.Result(all, ended.status(), ended.output(), ended.errors());
    }

    /** The command line itself, whatever the command: where that is what is tested. */
    public Command.Result process(Object... words) {
        return command(words).run();
    }

    /** The same, started and left alone; the caller ends it. */
    public Process startCli(Object... words) {
        try {
            return command(words).builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, that is not run yet. */
    public Command command(Object... words) {
        Command command = debian.command(Distribution.get().launcher(), "--config", setup.configurationPath())
                .and(words)
                .within(patience.plusMinutes(3));
        for (Map.Entry<String, String> variable : setup.variables().entrySet()) {
            command = command.with(variable.getKey(), variable.getValue());
        }
        return command;
    }

    /** What {@code status --json} prints. */
    public JsonNode status() {
        return json(cli("status", "--json").orFail().output());
    }

    /** Returns when everything is in every tier, and received. */
    public void ship() {
        awaitSidecar();
        cli("ship", "--now", "--timeout", patience.toSeconds() + " s").orFail();
    }

    /** Ships everything, evicts everything: after it every image is cold. */
    public void makeCold() {
        ship();
        cli("evict", "--all").orFail();
    }

    /** The process id in {@code run/control.json}, if a sidecar has announced itself. */
    public Optional<ProcessHandle> sidecar() {
        Path control = home().resolve("run/control.json");
        try {
            return Files.exists(control)
                    ? ProcessHandle.of(
                            json(Files.readString(control)).path("pid").asLong())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when a sidecar runs. */
    public void awaitSidecar() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> sidecar().filter(ProcessHandle::isAlive).isPresent());
    }

    /** As a power cut would end it: an orderly stop takes seconds, and whoever wants to see one calls {@link OrthancProcess#stop}. */
    @Override
    public void close() {
        started.stream().filter(OrthancProcess::running).forEach(OrthancProcess::kill);
        await(killSidecars(), Clinic::writes);
        scratch.close();
    }

    /** Also those that have not announced themselves yet, and waits for their end: nobody writes into Home after this. */
    public void endSidecars() {
        await(killSidecars(), ProcessHandle::isAlive);
    }

    private List<ProcessHandle> killSidecars() {
        String home = home().toString();
        List<ProcessHandle> sidecars = ProcessHandle.allProcesses()
                .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                        .contains(home))
                .toList();
        sidecars.forEach(ProcessHandle::destroyForcibly);
        return sidecars;
    }

    /** Java itself looks only now and then whether a process has ended that another one started. */
    private static void await(List<ProcessHandle> processes, Predicate<ProcessHandle> there) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> processes.stream().noneMatch(there));
    }

    /** Who has ended, and all its threads, does not, even if it takes a second or two until somebody buries it. */
    private static boolean writes(ProcessHandle process) {
        Path place = Path.of("/proc", Long.toString(process.pid()));
        try (Stream<Path> threads = Files.list(place.resolve("task"))) {
            String stat = Files.readString(place.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z' || threads.count() > 1;
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    private static void rename(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String text) {
        return Rest.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode text(Path path) {
        return JSON.getNodeFactory().textNode(path.toString());
    }
}
