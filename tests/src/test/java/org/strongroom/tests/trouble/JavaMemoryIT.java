package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/** A Java heap that is too small ends Orthanc, with a status that says so: half a plugin would only let everybody wait. */
class JavaMemoryIT {
    /** Alone it takes more than there is. */
    private static final int LONG_HEAD = 4_000_000;

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void outOfMemoryEndsOrthancAndLosesNothingThatWasAcknowledged(Debian debian) {
        Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
        try (Clinic clinic = new Clinic(debian)) {
            // Java takes the last word from there: less than Java.Heap lets anyone choose.
            clinic.setup().environment("_JAVA_OPTIONS", "-Xmx24m");
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest().patience(Duration.ofSeconds(20));
            IntStream.rangeClosed(1, 48).parallel().forEach(number -> {
                byte[] image = SyntheticDicom.ct()
                        .size(1024, 1024)
                        .instance(number)
                        .headPadding(number % 8 == 0 ? LONG_HEAD : 0)
                        .toBytes();
                try {
                    HttpResponse<byte[]> answer = rest.send("POST", "/instances", image);
                    if (answer.statusCode() == 200) {
                        acknowledged.put(Rest.parse(answer.body()).path("ID").asText(), image);
                    }
                } catch (UncheckedIOException ended) {
                    return; // not acknowledged
                }
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> !orthanc.running());
            assertThat(orthanc.exitStatus()).isNotZero();
            assertThat(orthanc.log()).contains("OutOfMemoryError");

            clinic.setup().environment("_JAVA_OPTIONS", "-Xmx160m");
            orthanc.restart();
            assertThat(orthanc.rest().instances()).containsAll(acknowledged.keySet());
            acknowledged.forEach(
                    (id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
        }
    }
}
