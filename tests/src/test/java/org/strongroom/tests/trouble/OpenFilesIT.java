package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OpenFiles;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Senders;

/** The system gives Orthanc, or the sidecar, no more open files for a while. */
class OpenFilesIT {
    private static final long SECOND_NANOS = 1_000_000_000;

    @Test
    void noneForOrthancIsToldToTheSenderAndLosesNothing() {
        byte[] image = Samples.otherStudy();
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup().set("KeepAlive", "true").set("KeepAliveTimeout", "60"); // lowering the limit takes its time
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            int port = clinic.setup().httpPort();
            // Over this connection it hears of the image: it could not take a new one.
            assertThat(overTheSameConnection(port, "/system", null)).isEqualTo(200);
            AtomicInteger status = new AtomicInteger();
            OpenFiles.only(0, orthanc.pid(), () -> status.set(overTheSameConnection(port, "/instances", image)));
            assertThat(status).hasValue(503);
            assertThat(rest.file(rest.upload(image))).isEqualTo(image);

            Senders senders = new Senders(orthanc, 4, 1);
            try (senders) {
                for (int few = 0; few < 6; few += 2) {
                    senders.awaitMore(5);
                    OpenFiles.only(few, orthanc.pid(), () -> LockSupport.parkNanos(SECOND_NANOS));
                }
                senders.awaitMore(5);
            }
            senders.assertNothingLost();
            orthanc.kill();
            orthanc.restart();
            clinic.makeCold();
            senders.assertNothingLost();
            clinic.cli("fsck").orFail();
        }
    }

    /** The status of a GET, or of a POST. This client keeps its connection, in contrast to all others of these tests. */
    private static int overTheSameConnection(int port, String path, byte[] body) {
        try {
            URI address = URI.create("http://127.0.0.1:" + port + path);
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setReadTimeout(20_000);
            if (body != null) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(body.length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            int status = connection.getResponseCode();
            try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                answer.readAllBytes();
            }
            return status;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noneForTheSidecarDelaysShippingAndColdReadsOnly() {
        List<byte[]> images = Samples.oneSliceSeries(4);
        try (Clinic clinic = new Clinic(Debian.SID)) {
            clinic.setup()
                    .strongroom("Read", JsonNodeFactory.instance.objectNode().put("Deadline", "3 s"));
            Rest rest = clinic.start().rest();
            Map<String, byte[]> sent = new HashMap<>();
            images.subList(0, 2).forEach(image -> sent.put(rest.upload(image), image));
            String cold = sent.keySet().iterator().next();
            clinic.makeCold();

            long sidecar = clinic.sidecar().orElseThrow().pid();
            OpenFiles.only(0, sidecar, () -> {
                images.subList(2, 4).forEach(image -> {
                    String id = rest.upload(image);
                    sent.put(id, image);
                    assertThat(rest.file(id)).isEqualTo(image);
                });
                assertThat(rest.send("GET", "/instances/" + cold + "/file", null)
                                .statusCode())
                        .isEqualTo(503);
                assertThat(clinic.cli("ship", "--now", "--timeout", "4 s").status())
                        .isNotZero();
            });
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.cli("status").status() == 0);
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            sent.forEach((id, image) -> assertThat(rest.file(id)).isEqualTo(image));
        }
    }
}
