package org.strongroom.plugin.offline;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.strongroom.core.time.Sleeper;

/**
 * What the harness starts: commands with keys, one after the other, by the classes of the distribution and with nothing else of the tests'
 * beside them; in the package of these for the sake of {@link Main}'s constructor. A request is the number of words and each word; an answer
 * the status, output and errors, with what was logged; a text is its length and UTF-8. Ends with its input.
 */
public final class CommandWorker {
    private CommandWorker() {}

    public static void main(String[] none) throws IOException {
        PrintStream ours = System.err;
        DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream answers = new DataOutputStream(new BufferedOutputStream(System.out));
        ByteArrayOutputStream beside = new ByteArrayOutputStream();
        PrintStream logs = new PrintStream(beside, true, StandardCharsets.UTF_8);
        System.setOut(logs); // nothing else gets into an answer
        System.setErr(logs);
        Main.loadOurNativeCode();
        try {
            for (String[] words = next(requests); words.length > 0; words = next(requests)) {
                StringWriter output = new StringWriter();
                StringWriter errors = new StringWriter();
                answers.writeInt(run(output, errors, words));
                write(answers, output.toString());
                write(answers, beside.toString(StandardCharsets.UTF_8) + errors);
                answers.flush();
                beside.reset();
            }
        } catch (RuntimeException | Error e) {
            e.printStackTrace(ours);
            throw e;
        }
        System.exit(0); // whatever threads a command has left
    }

    /** Runs one as {@code bin/strongroom} does; nobody watches it, and nobody is there to be asked. */
    private static int run(StringWriter output, StringWriter errors, String... words) {
        return new Main(
                        System.getenv(),
                        new PrintWriter(output, true),
                        new PrintWriter(errors, true),
                        false,
                        Clock.systemUTC(),
                        Sleeper.SYSTEM,
                        Optional.empty(),
                        prompt -> Optional.empty())
                .run(words);
    }

    /** None when nobody asks any more. */
    private static String[] next(DataInputStream requests) throws IOException {
        try {
            String[] words = new String[requests.readInt()];
            for (int i = 0; i < words.length; i++) {
                words[i] = read(requests);
            }
            return words;
        } catch (EOFException end) {
            return new String[0];
        }
    }

    public static String read(DataInputStream from) throws IOException {
        return new String(from.readNBytes(from.readInt()), StandardCharsets.UTF_8);
    }

    public static void write(DataOutputStream to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.writeInt(bytes.length);
        to.write(bytes);
    }
}
