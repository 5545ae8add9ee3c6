package org.strongroom.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    @TempDir
    private Path folder;

    @Test
    void readsAnyRangeAndNoOther() throws Exception {
        byte[] content = new byte[1_000_000];
        new Random(1).nextBytes(content);
        try (FileSource source = FileSource.open(Files.write(folder.resolve("file"), content))) {
            assertThat(source.read(0, content.length)).isEqualTo(content);
            byte[] target = new byte[400_010];
            source.read(300_001, target, 7, 400_000);
            assertThat(Arrays.copyOfRange(target, 7, 400_007)).isEqualTo(Arrays.copyOfRange(content, 300_001, 700_001));
            assertThat(target[6] | target[400_007]).isZero();
            assertThatThrownBy(() -> source.read(999_999, target, 0, 2)).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> source.read(0, target, 20, 400_000)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void whatIsThereAndDoesNotOpenIsUnreadable() throws Exception {
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop); // as little of a file as one whose inode is bad
        assertThatThrownBy(() -> FileSource.open(loop)).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> FileSource.open(folder.resolve("absent"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatDidNotOpenWhileTooManyWereOpenIsTriedOnceMore() throws Exception {
        byte[] content = {1, 2, 3};
        Path file = Files.write(folder.resolve("file"), content);
        try (FileSource source = FileSource.open(file, failing(1))) {
            assertThat(source.read(0, 3)).isEqualTo(content);
        }
    }

    @Test
    void whileNothingAtAllOpensNoFileIsUnreadable() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[3]);
        assertThatThrownBy(() -> FileSource.open(file, failing(2)))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessageContaining("Too many open files");
    }

    /** A process that has too many files open, so many times. */
    private static FileSource.Opening failing(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return file -> {
            if (left.getAndDecrement() > 0) {
                throw new FileSystemException(file.toString(), null, "Too many open files");
            }
            return FileChannel.open(file, StandardOpenOption.READ);
        };
    }

    @Test
    void aLongReadLeavesLittleMemoryOutsideOfTheHeap() throws Exception {
        try (FileSource source = FileSource.open(Files.write(folder.resolve("file"), new byte[8 << 20]))) {
            long before = outside();
            CompletableFuture<Long> after = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    source.read(0, 8 << 20);
                    after.complete(outside()); // a thread gives back what it kept when it ends
                } catch (Exception e) {
                    after.completeExceptionally(e);
                }
            });
            reader.start();
            assertThat(after.get() - before).isLessThan(1 << 20);
            reader.join();
        }
    }

    private static long outside() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
