package org.strongroom.sidecar.tier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.strongroom.core.io.LoopbackListener;

/**
 * A TCP line to a server on this machine whose next connections go wrong as told; with no fault left it is a good line. The
 * tests end every connection after one answer, so that a fault meets the request it is meant for.
 */
public final class FaultyLine implements AutoCloseable {
    /** What happens to one connection. */
    public sealed interface Fault {
        /** The answer's line is cut after so many bytes from the server. */
        record CutAnswer(int after) implements Fault {}

        /** The request's line is cut after so many bytes from the client. */
        record CutRequest(int after) implements Fault {}

        /** Someone on the way answers instead of the server. */
        record Answer(String response) implements Fault {}
    }

    private final LoopbackListener listener = new LoopbackListener("faulty-line");
    private final int target;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();
    private final Queue<ByteArrayOutputStream> sent = new ConcurrentLinkedQueue<>();
    private volatile boolean listening;

    public FaultyLine(int target) throws IOException {
        this.target = target;
        listener.accept(client -> serve(client, faults.poll()));
    }

    public int port() {
        return listener.port();
    }

    /** The next connections, one fault each. */
    public FaultyLine then(Fault fault) {
        faults.add(fault);
        return this;
    }

    public FaultyLine answer(int status, String code) {
        String body =
                code.isEmpty() ? "" : "<Error><Code>%s</Code><Message>said the test</Message></Error>".formatted(code);
        return then(new Fault.Answer(
                "HTTP/1.1 %d Test\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                        .formatted(status, body.length(), body)));
    }

    /** Request lines and headers of what someone on the way has answered, oldest first. */
    public List<String> heads() {
        return List.copyOf(heads);
    }

    /** Keeps what clients send from now on. */
    public FaultyLine listen() {
        listening = true;
        return this;
    }

    /** What clients sent on good lines since {@link #listen}, connection by connection, each byte a character. */
    public String sent() {
        StringBuilder all = new StringBuilder();
        sent.forEach(connection -> all.append(connection.toString(StandardCharsets.ISO_8859_1)));
        return all.toString();
    }

    /** Forgets the faults that no connection has met yet. */
    public void clear() {
        faults.clear();
    }

    private void serve(Socket client, Fault fault) {
        try (client) {
            if (fault instanceof Fault.Answer answer) {
                heads.add(readHead(client.getInputStream()));
                client.getOutputStream().write(answer.response().getBytes(StandardCharsets.ISO_8859_1));
                client.shutdownOutput();
                client.getInputStream().skip(Long.MAX_VALUE);
                return;
            }
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                long up = fault instanceof Fault.CutRequest cut ? cut.after() : Long.MAX_VALUE;
                long down = fault instanceof Fault.CutAnswer cut ? cut.after() : Long.MAX_VALUE;
                if (fault instanceof Fault.CutRequest) { // reset: else the server sees an end, and may still answer it
                    server.setSoLinger(true, 0);
                }
                OutputStream heard = listening ? keep() : OutputStream.nullOutputStream();
                Thread request = listener.start(() -> copy(client, server, up, heard));
                copy(server, client, down, OutputStream.nullOutputStream());
                request.join();
            }
        } catch (IOException | InterruptedException e) {
            return; // a line that breaks is what this class is for
        }
    }

    private OutputStream keep() {
        ByteArrayOutputStream connection = new ByteArrayOutputStream();
        sent.add(connection);
        return connection;
    }

    /** Copies until the end or the cut; both sides are closed then. */
    private static void copy(Socket from, Socket to, long most, OutputStream heard) {
        byte[] buffer = new byte[1 << 14];
        long left = most;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    return;
                }
                heard.write(buffer, 0, count);
                out.write(buffer, 0, count);
                left -= count;
            }
        } catch (IOException e) {
            return; // the other direction closed it
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int newlines = 0;
        while (newlines < 4) {
            int c = in.read();
            if (c < 0) {
                break;
            }
            head.append((char) c);
            newlines = c == (newlines % 2 == 0 ? '\r' : '\n') ? newlines + 1 : 0;
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
