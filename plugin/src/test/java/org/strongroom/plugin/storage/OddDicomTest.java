package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OddDicom;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealed;
import org.strongroom.plugin.seal.SealedReader;
import org.strongroom.plugin.seal.Sealer;

/** Whatever somebody calls a DICOM file comes back bit for bit, as a whole and in ranges, and takes no more room than it took. */
class OddDicomTest {
    /** From this size on nothing takes more than one part in a hundred beside what it is, in a pack of its own. */
    private static final int SMALL = 80_000;
    /** Below it, what header, messages, table and a pack have beside it. */
    private static final int BESIDE = 900;

    private static final int RANGES = 20;

    private final Key32 key = Key32.random(new SecureRandom());
    private final Sealer sealer = new Sealer(new SecureRandom());
    private final Attachment attachment = new Attachment(UUID.randomUUID(), Attachment.DICOM);
    private final UUID id = UUID.randomUUID();
    /** What was drawn, so that a generator that makes only nonsense is seen. */
    private final Set<String> seen = new HashSet<>();

    @Test
    void comesBack() throws Exception {
        Fuzz.of("odd-dicom").memory(64 << 20).drawing(200, OddDicom::draw).run(this::check);
        assertThat(seen)
                .contains("study", "no study", "head", "native", "encapsulated", "no pixels")
                .contains("1", "2", "4", "big", "signed");
    }

    private void check(byte[] file) throws IOException {
        ByteSource source = ByteSource.of(file);
        Optional<DicomHeader> header = DicomHeader.read(source); // what it throws the reader of contents would hide
        header.map(ContentFacts::of).ifPresent(said -> note(header.get(), said));
        ContentFacts facts = new ContentReader(DicomHeader::read).read(attachment, source);
        Random random = new Random(Arrays.hashCode(file));
        List<EncodeEffort> efforts = List.of(EncodeEffort.values());
        for (EncodeEffort effort : List.of(EncodeEffort.IMAGE, efforts.get(random.nextInt(efforts.size())))) {
            byte[] sealed = seal(source, facts, effort);
            isWhole(file, sealed);
            hasEachRange(file, facts, sealed, random);
            long most = file.length * 101L / 100 + (file.length < SMALL ? BESIDE : 0);
            assertThat(packed(sealed)).isLessThanOrEqualTo(most);
        }
    }

    private void note(DicomHeader header, ContentFacts facts) {
        seen.add(facts.identity().isPresent() ? "study" : "no study");
        seen.add(facts.headSize() > 0 ? "head" : "no pixels");
        header.pixels().ifPresent(pixels -> seen.add(pixels.isEncapsulated() ? "encapsulated" : "with a length"));
        if (facts.pixels() != null) {
            seen.addAll(List.of("native", String.valueOf(facts.pixels().layout().wordBytes())));
            seen.add(facts.pixels().layout().bigEndian() ? "big" : "little");
            seen.add(facts.pixels().layout().signed() ? "signed" : "unsigned");
        }
    }

    private byte[] seal(ByteSource plain, ContentFacts facts, EncodeEffort effort) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SealRequest request = new SealRequest(
                id,
                attachment.uuid(),
                id,
                id,
                Tag16.NONE,
                facts.instanceNumber(),
                attachment.contentType(),
                plain,
                facts.headSize(),
                facts.pixels());
        Sealed sealed = sealer.seal(request, key, Channels.newChannel(out), effort);
        assertThat(out.size()).isEqualTo(sealed.size());
        return out.toByteArray();
    }

    private SealedReader open(byte[] sealed) throws IOException {
        return SealedReader.open(ByteSource.of(sealed), id, attachment.uuid(), asked -> key);
    }

    private void isWhole(byte[] file, byte[] sealed) throws IOException {
        SealedReader reader = open(sealed);
        assertThat(reader.size()).isEqualTo(file.length);
        assertThat(Arrays.equals(reader.read(0, file.length), file)).isTrue();
        reader.verify();
    }

    /** By one reader that remembers, and by others that do not. */
    private void hasEachRange(byte[] file, ContentFacts facts, byte[] sealed, Random random) throws IOException {
        SealedReader reader = open(sealed);
        int pixels = facts.pixels() == null ? 0 : (int) facts.pixels().offset();
        int[] edges = {0, (int) facts.headSize(), pixels, 1 << 14, 1 << 18, 1 << 20, file.length};
        for (int i = 0; i < RANGES; i++) {
            int near = edges[random.nextInt(edges.length)] + random.nextInt(5) - 2;
            int from = i % 2 == 0 ? random.nextInt(file.length + 1) : Math.max(0, Math.min(file.length, near));
            int most = file.length - from;
            int length = Math.min(most, i % 3 == 0 ? most : random.nextInt(40_000));
            byte[] range = (i % 4 == 0 ? open(sealed) : reader).read(from, length);
            assertThat(Arrays.equals(range, Arrays.copyOfRange(file, from, from + length)))
                    .as("%d bytes from %d", length, from)
                    .isTrue();
        }
    }

    /** How much room it takes in a tier, alone in its pack. */
    private static long packed(byte[] sealed) throws IOException {
        SealedHeader header = SealedReader.readHeader(ByteSource.of(sealed));
        Sha256 digest = Sha256.of(sealed); // any one is as long
        PackLayout.Piece piece = new PackLayout.Piece(header, sealed.length - header.headPieceSize(), digest, digest);
        return PackLayout.of(UUID.randomUUID(), List.of(piece)).size();
    }
}
