package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.codec.BlockEncoder;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;

class WarmUpTest {
    @Test
    void warmsUpAndLeavesNothingBehind(@TempDir Path folder) {
        assertThatCode(() -> WarmUp.run(folder)).doesNotThrowAnyException();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theWarmUpsOfTwoStartsDoNotMeetAndTheOneOfAKilledProcessIsRemoved(@TempDir Path folder) throws Exception {
        Files.createFile(folder.resolve("warm-up"));
        Files.createFile(folder.resolve("warm-up-" + UUID.randomUUID() + "-1.tmp"));
        Path killed = Files.createDirectories(folder.resolve("warm-up-" + UUID.randomUUID() + "-2/spool/ab"));
        Files.createFile(killed.resolve("half"));
        Callable<Void> start = () -> {
            WarmUp.run(folder);
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Void> warm : threads.invokeAll(List.of(start, start))) {
                assertThatCode(warm::get).doesNotThrowAnyException();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theDrawnSliceTakesTheWaysOfAnImage() throws Exception {
        byte[] slice = DrawnSlice.bytes();
        ContentFacts facts =
                ContentFacts.of(DicomHeader.read(ByteSource.of(slice)).orElseThrow());
        assertThat(facts.identity()).isPresent();
        assertThat(facts.instanceNumber()).isEqualTo(1);
        PixelData pixels = facts.pixels();
        assertThat(pixels.offset() + pixels.rowsLength()).isEqualTo(slice.length);
        assertThat(pixels.layout().rowBytes()).isEqualTo(1024);
        assertThat(facts.headSize()).isBetween(128L, pixels.offset());
        byte[] block = Arrays.copyOfRange(slice, (int) pixels.offset(), slice.length);
        assertThat(new BlockEncoder().encode(block, block.length, pixels.layout(), EncodeEffort.IMAGE))
                .isEqualTo(BlockCodec.SORTED);
    }
}
