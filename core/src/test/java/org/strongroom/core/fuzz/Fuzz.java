package org.strongroom.core.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Gives a parser its saved corpus ({@code src/test/resources/fuzz/<parser>/}, every input that ever failed among it), then mutations
 * of that: by default the same ones in every run, so that a build never fails by chance; {@code -Dfuzz.seconds=…} tries new ones for as long.
 * The parser returns or refuses with an expected kind; it throws nothing else, ends soon, and takes no more memory than the input justifies.
 * Every round follows from the printed seed and its number: {@code -Dfuzz.seed=…} runs it again, {@code -Dfuzz.draw=FOLDER} writes the drawn
 * inputs there, to be saved.
 */
public final class Fuzz {
    private static final long PATIENCE_MS = 60_000;
    private static final long ROUNDS = 1_000;
    private static final long MEMORY = 16 << 20;
    private static final int MEMORY_PER_BYTE = 400;

    private final String parser;
    private final Map<String, byte[]> drawn = new TreeMap<>();
    private final List<byte[]> words = new ArrayList<>();
    private final Set<FailureKind> expected = EnumSet.noneOf(FailureKind.class);
    private long memory = MEMORY;
    private long most = ROUNDS;
    private Function<Random, byte[]> drawing;

    private Fuzz(String parser) {
        this.parser = parser;
    }

    /** What is done with an input, with what must hold of its result. */
    @FunctionalInterface
    public interface Target {
        void accept(byte[] input) throws Exception;
    }

    /** @param parser names the folder of its corpus */
    public static Fuzz of(String parser) {
        return new Fuzz(parser);
    }

    /** An input made by the test itself. */
    public Fuzz drawn(String name, byte[] input) {
        drawn.put(name, input);
        return this;
    }

    /**
     * Inputs that are drawn anew for each round; every fourth is mutated as well.
     *
     * @param rounds of a usual build
     * @param odd draws the same for the same state of its random numbers
     */
    public Fuzz drawing(int rounds, Function<Random, byte[]> odd) {
        most = rounds;
        drawing = odd;
        return this;
    }

    /** Words that are put in here and there. */
    public Fuzz words(String... more) {
        for (String word : more) {
            words.add(word.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    /** Kinds that the parser may refuse with. */
    public Fuzz refuses(FailureKind... kinds) {
        expected.addAll(List.of(kinds));
        return this;
    }

    /** Bytes that one input may make the parser allocate, besides some per byte of the input. */
    public Fuzz memory(long bytes) {
        memory = bytes;
        return this;
    }

    /** Runs it. */
    public void run(Target target) throws IOException, InterruptedException {
        List<byte[]> seeds = new ArrayList<>(saved());
        drawn.values().stream()
                .filter(input -> seeds.stream().noneMatch(known -> Arrays.equals(known, input)))
                .toList()
                .forEach(seeds::add);
        draw();
        long seconds = Long.getLong("fuzz.seconds", 0);
        long seed = Long.getLong("fuzz.seed", seconds == 0 ? parser.hashCode() : System.nanoTime());
        System.out.println("fuzz " + parser + ": " + seeds.size() + " inputs, -Dfuzz.seed=" + seed);
        Rounds rounds = new Rounds(target, seeds, seed, seconds * 1_000_000_000);
        rounds.setDaemon(true);
        rounds.start();
        rounds.watch();
    }

    private List<byte[]> saved() throws IOException {
        URL folder = Fuzz.class.getResource("/fuzz/" + parser);
        if (folder == null) {
            return List.of();
        }
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        return inputs;
    }

    private void draw() throws IOException {
        String folder = System.getProperty("fuzz.draw");
        if (folder != null) {
            Path here = Files.createDirectories(Path.of(folder, parser));
            for (Map.Entry<String, byte[]> input : drawn.entrySet()) {
                Files.write(here.resolve(input.getKey()), input.getValue());
            }
        }
    }

    private void check(Target target, byte[] input) throws Exception {
        try {
            target.accept(input);
        } catch (StrongroomException e) {
            if (!expected.contains(e.kind())) {
                throw e;
            }
        }
    }

    /** One after the other, on a thread of its own so that a hang can be told. */
    private final class Rounds extends Thread {
        private final Target target;
        private final List<byte[]> seeds;
        private final Mutations mutations;
        private final long seed;
        private final long nanos;
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private volatile byte[] current = new byte[0];
        private volatile long round;
        private volatile long begun = System.nanoTime();
        private Throwable failure;

        private Rounds(Target target, List<byte[]> seeds, long seed, long nanos) {
            super("fuzz-" + parser);
            this.target = target;
            this.seeds = seeds;
            this.mutations = new Mutations(seeds, words);
            this.seed = seed;
            this.nanos = nanos;
        }

        @Override
        public void run() {
            try {
                for (byte[] input : seeds) {
                    round(input, false);
                }
                long end = System.nanoTime() + nanos;
                for (long number = 1; nanos == 0 ? number <= most : System.nanoTime() < end; number++) {
                    round = number;
                    round(next(new Random(seed * 31 + number)), true);
                }
            } catch (Throwable e) { // whatever it is, the test fails with it
                failure = e;
            }
        }

        private byte[] next(Random random) {
            if (drawing == null) {
                return mutations.next(random);
            }
            byte[] odd = drawing.apply(random);
            return random.nextInt(4) == 0 ? new Mutations(List.of(odd), words).next(random) : odd;
        }

        /** What a first round allocates once and for all, such as classes, is nobody's fault. */
        private void round(byte[] input, boolean counted) throws Exception {
            current = input;
            begun = System.nanoTime();
            long before = threads.getThreadAllocatedBytes(threadId());
            check(target, input.clone());
            long taken = threads.getThreadAllocatedBytes(threadId()) - before;
            if (counted && taken > memory + (long) MEMORY_PER_BYTE * input.length) {
                throw new AssertionError(taken + " bytes allocated for an input of " + input.length);
            }
        }

        @SuppressWarnings("deprecation") // threadId() came with Java 19
        private long threadId() {
            return getId();
        }

        private void watch() throws IOException, InterruptedException {
            while (isAlive()) {
                join(1000);
                if (isAlive() && (System.nanoTime() - begun) / 1_000_000 > PATIENCE_MS) {
                    AssertionError hang = new AssertionError("hangs");
                    hang.setStackTrace(getStackTrace());
                    failure = hang;
                    break;
                }
            }
            if (failure != null) {
                Path file = Files.createDirectories(Path.of("target", "fuzz", parser))
                        .resolve(Long.toHexString(seed) + "-" + round);
                Files.write(file, current);
                throw new AssertionError(
                        "-Dfuzz.seed=" + seed + " round " + round + ": the input is in " + file
                                + "; save it in src/test/resources/fuzz/" + parser,
                        failure);
            }
            System.out.println("fuzz " + parser + ": " + round + " rounds");
        }
    }
}
