package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DicomPeersTest {
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";
    private static final int PORT = 4242;

    @TempDir
    Path folder;

    private Duration now = Duration.ZERO;
    /** How much time passes from one question for it to the next. */
    private Duration step = Duration.ZERO;

    private DicomPeers peers() {
        return new DicomPeers(folder, PORT, this::time);
    }

    private Duration time() {
        now = now.plus(step);
        return now;
    }

    /** Words of an address as this machine writes them. */
    private static String hex(int... words) {
        StringBuilder hex = new StringBuilder();
        for (int word : words) {
            hex.append(String.format(
                    "%08X", ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(word) : word));
        }
        return hex.toString();
    }

    private static String line(String local, int port, String other, String state) {
        return String.format(
                "   1: %s:%04X %s:D2F0 %s 00000000:00000000 00:00000000 00000000%n", local, port, other, state);
    }

    @Test
    void onlyWhoIsConnectedToThatPortIsOne() throws IOException {
        String here = hex(0x7f000001);
        Files.writeString(
                folder.resolve("tcp"),
                HEADER
                        + line(here, PORT, hex(0), "0A")
                        + line(here, PORT, hex(0x0a000207), "01")
                        + line(here, PORT, hex(0x0a000208), "06")
                        + line(here, PORT + 1, hex(0x0a000209), "01"));
        assertThat(peers().connected()).as("a machine without IPv6").containsExactly("10.0.2.7");

        String here6 = hex(0, 0, 0, 1);
        Files.writeString(
                folder.resolve("tcp6"),
                HEADER
                        + line(here6, PORT, hex(0, 0, 0xffff, 0x0a00020a), "01")
                        + line(here6, PORT, hex(0x20010db8, 0, 0, 5), "01"));
        assertThat(peers().connected()).containsExactlyInAnyOrder("10.0.2.7", "10.0.2.10", "2001:db8:0:0:0:0:0:5");
    }

    @Test
    void whatIsToldAtOnceIsLookedForEachTime() throws IOException {
        DicomPeers peers = peers();
        assertThat(peers.connected()).isEmpty();
        Files.writeString(folder.resolve("tcp"), HEADER + line(hex(0x7f000001), PORT, hex(0x0a000207), "01"));
        assertThat(peers.connected()).containsExactly("10.0.2.7");
    }

    @Test
    void whatTakesAWhileIsKeptForTenTimesThat() throws IOException {
        DicomPeers peers = peers();
        step = Duration.ofMillis(5);
        assertThat(peers.connected()).isEmpty();
        Files.writeString(folder.resolve("tcp"), HEADER + line(hex(0x7f000001), PORT, hex(0x0a000207), "01"));
        step = Duration.ZERO;
        now = Duration.ofMillis(10 + 49);
        assertThat(peers.connected()).isEmpty();
        now = Duration.ofMillis(10 + 50);
        assertThat(peers.connected()).containsExactly("10.0.2.7");
    }

    @Test
    void itIsLookedAgainAMomentLater() throws IOException {
        DicomPeers peers = peers();
        step = Duration.ofSeconds(1); // a table as long as that
        assertThat(peers.connected()).isEmpty();
        Files.writeString(folder.resolve("tcp"), HEADER + line(hex(0x7f000001), PORT, hex(0x0a000207), "01"));
        step = Duration.ZERO;
        now = Duration.ofMillis(2199);
        assertThat(peers.connected()).isEmpty();
        now = Duration.ofMillis(2200);
        assertThat(peers.connected()).containsExactly("10.0.2.7");
        Files.writeString(folder.resolve("tcp"), HEADER + "what another system writes\n");
        now = Duration.ofSeconds(3);
        assertThat(peers.connected()).isEmpty();
    }

    @Test
    void thisMachineSaysIt() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, here);
                Socket one = new Socket(here, server.getLocalPort());
                Socket other = server.accept()) {
            assertThat(other.isConnected()).isEqualTo(one.isConnected());
            DicomPeers peers = new DicomPeers(Path.of("/proc/self/net"), server.getLocalPort(), () -> now);
            assertThat(peers.connected()).containsExactly("127.0.0.1");
        }
    }
}
