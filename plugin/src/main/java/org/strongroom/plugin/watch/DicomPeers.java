package org.strongroom.plugin.watch;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.core.time.RunningTime;

/**
 * Who is connected to Orthanc's DICOM port, as Linux says it: no callback of Orthanc's tells of an association. As it was a moment ago at most, and a shorter one the quicker it is told. Thread-safe.
 */
final class DicomPeers {
    /** Of a table of connections (proc(5)). */
    private static final String ESTABLISHED = "01";

    private static final List<String> TABLES = List.of("tcp", "tcp6");
    /** Reads come by the thousand, and the table may be long: it is kept for that many times what a look took, */
    private static final int LOOKS = 10;
    /** and no longer than that. */
    private static final Duration FRESH = Duration.ofMillis(200);

    private static final Logger LOG = System.getLogger(DicomPeers.class.getName());

    private final Path tables;
    private final int port;
    private final RunningTime time;
    private Set<String> last = Set.of();
    private Duration until = Duration.ZERO;
    private boolean told;

    /** @param tables folder that has them: {@code /proc/self/net} */
    DicomPeers(Path tables, int port, RunningTime time) {
        this.tables = tables;
        this.port = port;
        this.time = time;
    }

    /** Their IP addresses; empty if nobody is, or nobody can say. */
    synchronized Set<String> connected() {
        Duration now = time.now();
        if (now.compareTo(until) >= 0) {
            last = look();
            Duration looked = time.now();
            Duration fresh = looked.minus(now).multipliedBy(LOOKS);
            until = looked.plus(fresh.compareTo(FRESH) < 0 ? fresh : FRESH);
        }
        return last;
    }

    private Set<String> look() {
        Set<String> found = new TreeSet<>();
        for (String table : TABLES) {
            try {
                for (String line : Files.readAllLines(tables.resolve(table))) {
                    collect(line.strip().split("\\s+", 5), found);
                }
            } catch (NoSuchFileException e) {
                LOG.log(Level.DEBUG, "a machine without such addresses", e);
            } catch (IOException | RuntimeException e) {
                tell(e);
            }
        }
        return Set.copyOf(found);
    }

    /** Its number, both addresses, its state. */
    private void collect(String[] words, Set<String> found) throws UnknownHostException {
        if (words.length > 3 && words[3].equals(ESTABLISHED) && portOf(words[1]) == port) {
            found.add(address(words[2].substring(0, words[2].indexOf(':'))));
        }
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    /** Words of four bytes in this machine's order; Java itself makes IPv4 of what is mapped. */
    private static String address(String hex) throws UnknownHostException {
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.nativeOrder());
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return InetAddress.getByAddress(bytes.array()).getHostAddress();
    }

    private void tell(Exception e) {
        if (!told) {
            told = true;
            LOG.log(
                    Level.WARNING,
                    "This machine does not say which stations are connected: what they get by C-GET is \"storage\" in the"
                            + " audit log",
                    e);
        }
    }
}
