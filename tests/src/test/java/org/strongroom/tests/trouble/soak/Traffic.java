package org.strongroom.tests.trouble.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.io.ByteSource;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Scratch;

/** What modalities and people do all day. Whatever Orthanc says with success must be true, at any moment. */
final class Traffic {
    private static final int STUDIES = 12;

    private final OrthancProcess orthanc;
    private final Rest rest;
    private final Acknowledged acknowledged;
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger deleted = new AtomicInteger();

    Traffic(OrthancProcess orthanc, Acknowledged acknowledged) {
        this.orthanc = orthanc;
        this.rest = orthanc.rest().patience(Duration.ofSeconds(20));
        this.acknowledged = acknowledged;
    }

    void add(Hands hands, Duration between) {
        for (int i = 0; i < 2; i++) {
            hands.add("sender by REST", between, random -> send(random, hands, this::byRest));
        }
        hands.add("sender by C-STORE", between.multipliedBy(2), random -> send(random, hands, this::byDicom));
        for (int i = 0; i < 2; i++) {
            hands.add("reader", between.dividedBy(2), this::read);
        }
        hands.add("deleter", between.multipliedBy(10), this::delete);
    }

    String summary() {
        return acknowledged.ids().size() + " images kept, " + deleted + " deleted, " + reads + " reads";
    }

    /** One image, again and again until it is acknowledged, as modalities do. */
    private void send(RandomGenerator random, Hands hands, Door door) {
        byte[] image = image(random);
        while (!door.took(image) && !hands.areDone()) {
            Hands.pause(Duration.ofMillis(500));
        }
    }

    @FunctionalInterface
    private interface Door {
        boolean took(byte[] image);
    }

    /** Of one of the studies that come in at this time, which change bit by bit. */
    private byte[] image(RandomGenerator random) {
        int instance = number.incrementAndGet();
        String study = "2.25.99." + (1 + (instance / 40 + random.nextInt(STUDIES)));
        return SyntheticDicom.ct()
                .patient("PID-" + study)
                .study(study)
                .series(study + "." + (1 + random.nextInt(3)))
                .sop(study + ".7." + instance)
                .instance(instance)
                .size(64 + 32 * random.nextInt(7), 64 + 32 * random.nextInt(7))
                .toBytes();
    }

    private boolean byRest(byte[] image) {
        try {
            HttpResponse<byte[]> answer = rest.send("POST", "/instances", image);
            if (answer.statusCode() != 200) {
                return false;
            }
            acknowledged.add(Rest.parse(answer.body()).path("ID").asText(), false, image);
            return true;
        } catch (UncheckedIOException noAnswer) {
            return false;
        }
    }

    private boolean byDicom(byte[] image) {
        try (Scratch folder = new Scratch()) {
            folder.file("image.dcm", image);
            if (!Dcmtk.tryStore(orthanc, folder.path())) {
                return false;
            }
            DicomHeader header = DicomHeader.read(ByteSource.of(image)).orElseThrow();
            acknowledged.add(OrthancId.ofInstance(header).iterator().next(), true, image);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(RandomGenerator random) {
        acknowledged.any(random).ifPresent(id -> {
            try {
                HttpResponse<byte[]> answer = rest.send("GET", "/instances/" + id + "/file", null);
                if (answer.statusCode() == 200) {
                    assertThat(acknowledged.isRight(id, answer.body()))
                            .as("image %s is what was sent", id)
                            .isTrue();
                    reads.incrementAndGet();
                }
            } catch (UncheckedIOException noAnswer) {
                return; // nothing wrong was shown
            }
        });
    }

    private void delete(RandomGenerator random) {
        acknowledged.any(random).ifPresent(id -> {
            acknowledged.forget(id);
            try {
                if (rest.send("DELETE", "/instances/" + id, null).statusCode() == 200) {
                    deleted.incrementAndGet();
                }
            } catch (UncheckedIOException noAnswer) {
                return; // perhaps it is deleted
            }
        });
    }
}
