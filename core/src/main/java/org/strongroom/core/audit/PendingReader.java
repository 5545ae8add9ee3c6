package org.strongroom.core.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;

/**
 * Follows the pending files of one folder from the oldest that is there, while another process may be writing them (format.md §9.2).
 * At the end {@link #next} is empty and may be asked again later. Not thread-safe; holds no file open between calls.
 */
public final class PendingReader {
    private final Path folder;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int file;
    private long offset;

    /** @param folder may be absent still */
    public PendingReader(Path folder) {
        this.folder = folder;
    }

    /** What comes next; empty at the end. */
    public Optional<Pending> next() throws IOException {
        if (file == 0 && !advance(1)) {
            return Optional.empty();
        }
        while (true) {
            Optional<Pending> found = entry();
            if (found.isPresent()) {
                return found;
            }
            // A file is left only for the next one: ask for that first, then look at this one again.
            Optional<Integer> next =
                    numbers(folder).stream().filter(number -> number > file).findFirst();
            fill();
            found = entry();
            if (found.isPresent() || next.isEmpty()) {
                return found;
            }
            int left = buffer.remaining();
            int done = file;
            advance(file + 1);
            if (left > 0) {
                return Optional.of(Pending.unreadable(done, left));
            }
        }
    }

    /** Begins with the first file from this number on; false if there is none. */
    private boolean advance(int from) throws IOException {
        Optional<Integer> next =
                numbers(folder).stream().filter(number -> number >= from).findFirst();
        if (next.isEmpty()) {
            return false;
        }
        file = next.get();
        offset = 0;
        fill();
        return true;
    }

    private Optional<Pending> entry() {
        int before = buffer.position();
        byte[] json = PendingFrame.next(buffer);
        if (json == null) {
            return Optional.empty();
        }
        AuditEntry entry;
        try {
            entry = AuditEntry.decode(json);
        } catch (StrongroomException e) {
            buffer.position(before); // nobody wrote that: as unreadable as a broken checksum
            return Optional.empty();
        }
        offset += buffer.position() - before;
        return Optional.of(Pending.of(file, entry, json));
    }

    /** Files are small: what is left of one is read at once. */
    private void fill() throws IOException {
        try {
            byte[] all = Files.readAllBytes(PendingFrame.file(folder, file));
            int from = (int) Math.min(offset, all.length);
            buffer = ByteBuffer.wrap(all, from, all.length - from).slice();
        } catch (NoSuchFileException e) {
            buffer = ByteBuffer.allocate(0); // taken away under our hands: whoever counts numbers notices
        }
    }

    /** Numbers of the files that are there, ascending. */
    static List<Integer> numbers(Path folder) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                int number = PendingFrame.number(file);
                if (number > 0) {
                    numbers.add(number);
                }
            }
        } catch (NoSuchFileException e) {
            return numbers;
        }
        numbers.sort(null);
        return numbers;
    }

    /**
     * Deletes the files before {@code file}, all of whose entries are in the log. A file is only named here after an entry of it was
     * read, so its writer finds where it was.
     */
    public static void drop(Path folder, int file) throws IOException {
        for (int number : numbers(folder)) {
            if (number < file) {
                Files.deleteIfExists(PendingFrame.file(folder, number));
            }
        }
    }
}
