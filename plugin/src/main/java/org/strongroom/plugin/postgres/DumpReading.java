package org.strongroom.plugin.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Has {@code pg_restore} read a dump to its end, without a server, and counts the images in it. What is written here is that dump. For one
 * thread.
 */
public final class DumpReading implements AutoCloseable {
    private static final String END = "-- PostgreSQL database dump complete";
    private static final Pattern TABLE =
            Pattern.compile("COPY (?:[^ ]+\\.)?\"?resources\"? \\((.*)\\) FROM stdin;", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 1024;

    /** As Orthanc's plugin numbers patient, study, series and instance. */
    private static final String IMAGE = "3";

    private final PostgresProcess process;
    private final CompletableFuture<Read> read = new CompletableFuture<>();

    /** Begins. */
    public DumpReading(PostgresPrograms programs) throws IOException {
        this.process = programs.start("pg_restore", List.of("--format=custom", "--file=-"));
        PostgresProcess.read("pg_restore-reads", this::count);
    }

    private record Read(boolean table, boolean whole, long images) {}

    /**
     * The next piece of the dump.
     *
     * @throws StrongroomException if the program has found that it is none
     */
    public void piece(byte[] bytes, int from, int length) throws IOException {
        process.write(bytes, from, length);
    }

    /**
     * The dump has no more pieces.
     *
     * @return how many images it lists
     * @throws StrongroomException CORRUPT if it is not whole, REFUSED if it is none of Orthanc's index
     */
    public long end() throws IOException, InterruptedException {
        process.end();
        Read all = read();
        if (!all.whole()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the copy of Orthanc's index has no end")
                    .cure("Look at PostgreSQL's log; it is tried again later");
        }
        if (!all.table()) {
            throw StrongroomException.of(FailureKind.REFUSED, "the database that the configuration names has no index")
                    .cure("Start Orthanc once, or correct its section PostgreSQL");
        }
        return all.images();
    }

    private Read read() throws IOException, InterruptedException {
        try {
            return read.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void count() {
        boolean table = false;
        boolean whole = false;
        long images = 0;
        int column = -1;
        try (InputStream lines = new BufferedInputStream(process.output())) {
            for (String line = begin(lines); line != null; line = begin(lines)) {
                if (column >= 0) {
                    if (line.equals("\\.")) {
                        column = -1;
                    } else if (line.split("\t", -1)[column].equals(IMAGE)) {
                        images++;
                    }
                    continue;
                }
                whole |= line.equals(END);
                Matcher begins = TABLE.matcher(line);
                if (begins.matches()) {
                    column = Arrays.asList(begins.group(1).split(", ", -1)).indexOf("resourcetype");
                    table = column >= 0;
                }
            }
            read.complete(new Read(table, whole, images));
        } catch (IOException | RuntimeException | Error e) { // whoever waits for it must not wait for ever
            read.completeExceptionally(e);
        }
    }

    /** How a line begins, which is all that is needed of a row: some hold megabytes. Null at the end. */
    private static String begin(InputStream lines) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = lines.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.length() < LONGEST) {
                line.append((char) next);
            }
            next = lines.read();
        }
        return line.toString();
    }

    @Override
    public void close() {
        process.close();
    }
}
