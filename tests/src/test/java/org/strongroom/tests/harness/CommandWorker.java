package org.strongroom.tests.harness;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.strongroom.plugin.offline.Commands;

/**
 * What {@link KeyedCommands} starts: commands with keys, one after the other, by the classes of the distribution and with nothing else of
 * the tests' beside them. A request is the number of words and each word; an answer the status, output and errors; a text is its length
 * and UTF-8. Ends with its input.
 */
final class CommandWorker {
    private CommandWorker() {}

    public static void main(String[] none) throws IOException {
        DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream answers = new DataOutputStream(new BufferedOutputStream(System.out));
        System.setOut(System.err); // nothing else gets into an answer
        while (true) {
            String[] words;
            try {
                words = new String[requests.readInt()];
            } catch (EOFException nobodyAsksAnyMore) {
                break;
            }
            for (int i = 0; i < words.length; i++) {
                words[i] = read(requests);
            }
            Commands.Ended ended = Commands.run(System.getenv(), words);
            answers.writeInt(ended.status());
            write(answers, ended.output());
            write(answers, ended.errors());
            answers.flush();
        }
        System.exit(0); // whatever threads a command has left
    }

    static String read(DataInputStream from) throws IOException {
        return new String(from.readNBytes(from.readInt()), StandardCharsets.UTF_8);
    }

    static void write(DataOutputStream to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.writeInt(bytes.length);
        to.write(bytes);
    }
}
