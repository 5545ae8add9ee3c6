package org.strongroom.tests.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;

/** The other end of a {@link LedgerTrial}, which runs with the Java heap that the sidecar has by default. Not thread-safe. */
final class LedgerProcess implements Closeable {
    private static final String HEAP = "-Xmx128m";

    private final String name;
    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;
    private final double openSeconds;

    private LedgerProcess(String name, Process process) throws IOException {
        this.name = name;
        this.process = process;
        this.orders = process.outputWriter();
        this.answers = process.inputReader();
        this.openSeconds = numbers(1)[0];
    }

    /** @param name as in the names of its figures */
    static LedgerProcess start(Path ledger, String name) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerTrial.class.getName(),
                        ledger.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new LedgerProcess(name, process);
    }

    /** Seconds for one study from arrival to receipt, of processor time therein, and for a status afterwards. */
    record Took(double seconds, double cpuSeconds, double statusSeconds) {}

    Took study() throws IOException {
        orders.write("\n");
        orders.flush();
        double[] took = numbers(3);
        return new Took(took[0], took[1], took[2]);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    double openSeconds() {
        return openSeconds;
    }

    private double[] numbers(int count) throws IOException {
        String line = answers.readLine();
        String[] words = line == null ? new String[0] : line.split(" ", -1);
        if (words.length != count) {
            throw new IOException("the ledger's process ended, or said: " + line);
        }
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Double.parseDouble(words[i]);
        }
        return numbers;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
