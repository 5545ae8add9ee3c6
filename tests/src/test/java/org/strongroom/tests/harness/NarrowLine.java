package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real line of 512 kbit/s that loses packets: to a network namespace, by the kernel's own queue ({@code tc}) and filter. Only what
 * goes through it is slow. Needs root and a kernel that can.
 */
public final class NarrowLine implements AutoCloseable {
    private static final String IP = "/usr/sbin/ip";
    private static final String TC = "/usr/sbin/tc";
    private static final String IPTABLES = "/usr/sbin/iptables";
    private static final String RATE = "512kbit";
    /** Of packets, in each direction. */
    private static final String LOSS = "0.01";

    private static final int PORT = 9000;
    /** Of IP, of TCP, and of its time stamps. */
    private static final int HEADERS = 20 + 20 + 12;
    /** Listens in the namespace, and connects out of it: a socket stays where it was made. */
    private static final String FORWARDER =
            """
            import ctypes, os, socket, sys, threading
            here = os.open('/proc/self/ns/net', os.O_RDONLY)
            there = os.open('/run/netns/' + sys.argv[1], os.O_RDONLY)
            enter = ctypes.CDLL(None, use_errno=True).setns
            assert enter(there, 0x40000000) == 0
            door = socket.create_server((sys.argv[2], int(sys.argv[3])))
            assert enter(here, 0x40000000) == 0
            def pump(source, sink):
                try:
                    while data := source.recv(65536):
                        sink.sendall(data)
                except OSError:
                    pass
                finally:
                    for end in (source, sink):
                        try:
                            end.shutdown(socket.SHUT_RDWR)
                        except OSError:
                            pass
            while True:
                guest, _ = door.accept()
                store = socket.create_connection(('127.0.0.1', int(sys.argv[4])))
                for pair in ((guest, store), (store, guest)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()
            """;

    private final String namespace;
    private final String near;
    private final String far;
    private final String address;
    private int server;
    private Process forwarder;

    private NarrowLine(int number) {
        namespace = "strongroom-" + number;
        near = "srn" + number;
        far = "srf" + number;
        address = "10.213." + number % 250 + ".";
    }

    /** Why there can be no such line here, of this kernel and this user; empty if there can. */
    public static Optional<String> obstacle() {
        for (String program : new String[] {IP, TC, IPTABLES}) {
            if (!Files.isExecutable(Path.of(program))) {
                throw new IllegalStateException("no " + program + ": ./strongroom test installs it");
            }
        }
        try (NarrowLine trial = new NarrowLine(number() + 1)) {
            trial.lay();
            return Optional.empty();
        } catch (AssertionError | UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Lays one to a server of this machine. */
    public static NarrowLine to(URI server) {
        NarrowLine line = new NarrowLine(number());
        try {
            line.lay();
            line.server = server.getPort();
            line.connect();
        } catch (IOException e) {
            line.close();
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            line.close();
            throw e;
        }
        return line;
    }

    private void connect() throws IOException {
        forwarder = new ProcessBuilder(
                        "/usr/bin/python3",
                        "-c",
                        FORWARDER,
                        namespace,
                        address + "2",
                        String.valueOf(PORT),
                        String.valueOf(server))
                .inheritIO()
                .start();
    }

    /** Breaks all connections; for {@code time} there are no new ones. */
    public void cut(Duration time) throws IOException, InterruptedException {
        hangUp();
        Thread.sleep(time.toMillis());
        connect();
    }

    private void hangUp() throws InterruptedException {
        forwarder.destroyForcibly();
        forwarder.waitFor(10, TimeUnit.SECONDS);
    }

    /** Bytes that went over the line to the server so far, without the headers of TCP/IP: what was lost on the way, and sent again by TCP, is not in it. */
    public long carried() {
        String counted = Command.of(IP, "netns", "exec", namespace, IPTABLES, "-nvxL", "INPUT")
                .within(Duration.ofSeconds(20))
                .run()
                .orFail()
                .output();
        String[] words = counted.lines()
                .filter(line -> line.contains("ACCEPT") && line.contains("dpt:" + PORT))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(counted))
                .strip()
                .split("\\s+", -1);
        return Long.parseLong(words[1]) - HEADERS * Long.parseLong(words[0]);
    }

    private static int number() {
        return (int) (ProcessHandle.current().pid() % 30_000) * 2;
    }

    private void lay() {
        run(IP, "netns", "add", namespace);
        run(IP, "link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace);
        run(IP, "addr", "add", address + "1/30", "dev", near);
        run(IP, "link", "set", near, "up");
        run(IP, "-n", namespace, "addr", "add", address + "2/30", "dev", far);
        run(IP, "-n", namespace, "link", "set", far, "up");
        run(TC, "qdisc", "add", "dev", near, "root", "tbf", "rate", RATE, "burst", "16k", "latency", "400ms");
        for (String chain : new String[] {"INPUT", "OUTPUT"}) {
            run(
                    IP,
                    "netns",
                    "exec",
                    namespace,
                    IPTABLES,
                    "-A",
                    chain,
                    "-m",
                    "statistic",
                    "--mode",
                    "random",
                    "--probability",
                    LOSS,
                    "-j",
                    "DROP");
        }
        run(IP, "netns", "exec", namespace, IPTABLES, "-A", "INPUT", "-p", "tcp", "--dport", PORT, "-j", "ACCEPT");
    }

    private static void run(Object... words) {
        Command.of(words).within(Duration.ofSeconds(20)).run().orFail();
    }

    public URI endpoint() {
        return URI.create("http://" + address + "2:" + PORT);
    }

    @Override
    public void close() {
        if (forwarder != null) {
            try {
                hangUp();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (Path.of("/sys/class/net", near).toFile().exists()) {
            Command.of(IP, "link", "del", near).within(Duration.ofSeconds(20)).run();
        }
        if (Path.of("/run/netns", namespace).toFile().exists()) {
            Command.of(IP, "netns", "del", namespace)
                    .within(Duration.ofSeconds(20))
                    .run();
        }
    }
}
