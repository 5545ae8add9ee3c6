package org.strongroom.sidecar.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StallTest {
    private static final byte[] SOME = new byte[1 << 16];

    @Test
    @Timeout(30)
    void whoReadsNothingIsLeft() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket silent = server.accept();
                Stall stall = new Stall(socket, Duration.ofMillis(200))) {
            OutputStream out = socket.getOutputStream();
            assertThatThrownBy(() -> {
                        while (silent.isConnected()) {
                            out.write(SOME);
                            stall.step();
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    @Timeout(30)
    void whoGetsOnIsNotLeft() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket reads = server.accept();
                Stall stall = new Stall(socket, Duration.ofSeconds(5))) {
            for (int i = 0; i < 100; i++) {
                socket.getOutputStream().write(i);
                stall.step();
                assertThat(reads.getInputStream().read()).isEqualTo(i);
            }
            assertThat(socket.isClosed()).isFalse();
        }
    }
}
