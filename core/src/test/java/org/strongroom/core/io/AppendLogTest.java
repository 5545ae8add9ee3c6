package org.strongroom.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendLogTest {
    @TempDir
    Path folder;

    @Test
    void keepsWhatWasWrittenInOrder() throws Exception {
        try (AppendLog log = new AppendLog(this::file, 1, 0)) {
            log.sync(log.write(new byte[] {1, 2}));
            log.sync(log.write(new byte[] {3}));
            log.rotate();
            log.sync(log.write(new byte[] {4}));
            assertThat(log.number()).isEqualTo(2);
            assertThat(log.length()).isEqualTo(1);
        }
        assertThat(Files.readAllBytes(file(1))).containsExactly(1, 2, 3);
        assertThat(Files.readAllBytes(file(2))).containsExactly(4);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(2))))
                .isEqualTo("rw-------");
    }

    @Test
    void cutsOffWhatDoesNotCount() throws Exception {
        Files.write(file(7), new byte[] {1, 2, 3, 4});
        try (AppendLog log = new AppendLog(this::file, 7, 2)) {
            log.sync(log.write(new byte[] {9}));
        }
        assertThat(Files.readAllBytes(file(7))).containsExactly(1, 2, 9);
    }

    @Test
    void manyThreadsWriteSyncAndRotate() throws Exception {
        int threads = 8;
        int each = 200;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (AppendLog log = new AppendLog(this::file, 1, 0)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int mark = i;
                all.add(pool.submit(() -> {
                    for (int j = 0; j < each; j++) {
                        log.sync(log.write(new byte[] {(byte) mark, (byte) mark}));
                        if (j % 50 == 0) {
                            log.rotate();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        int total = 0;
        for (int number = 1; Files.exists(file(number)); number++) {
            byte[] bytes = Files.readAllBytes(file(number));
            for (int i = 0; i < bytes.length; i += 2) {
                assertThat(bytes[i]).isEqualTo(bytes[i + 1]);
            }
            total += bytes.length;
        }
        assertThat(total).isEqualTo(2 * threads * each);
    }

    @Test
    void anInterruptDoesNotHurtTheFile() throws Exception {
        try (AppendLog log = new AppendLog(this::file, 1, 0)) {
            Thread.currentThread().interrupt();
            log.sync(log.write(new byte[] {1}));
            assertThat(Thread.interrupted()).isTrue();
            log.sync(log.write(new byte[] {2}));
        }
        assertThat(Files.readAllBytes(file(1))).containsExactly(1, 2);
    }

    @Test
    void aClosedLogTakesNothing() throws Exception {
        AppendLog log = new AppendLog(this::file, 1, 0);
        log.close();
        log.close();
        assertThatThrownBy(() -> log.write(new byte[1])).isInstanceOf(IOException.class);
    }

    private Path file(int number) {
        return folder.resolve(number + ".log");
    }
}
