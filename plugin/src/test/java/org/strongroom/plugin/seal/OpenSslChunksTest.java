package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.format.v1.ChunkCipher;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.JavaChunkCipher;
import org.strongroom.core.secret.Key32;

/** OpenSSL gives what Java gives, which the public vectors hold to the specification. */
class OpenSslChunksTest {
    private static final int[] LENGTHS = {0, 1, 15, 16, 17, 255, 4096, 16_383, 16_384};

    @TempDir
    static Path folder;

    private final Random random = new Random(new SecureRandom().nextLong());
    private final byte[] key = bytes(32);
    private final ChunkCipher ours = new OpenSslChunks(key);
    private final ChunkCipher javas = new JavaChunkCipher(key);

    @BeforeAll
    static void build() throws Exception {
        Path library = folder.resolve("libStrongroomCipher.so");
        Process make = new ProcessBuilder("make", "-s", "-C", "src/main/c", "BUILD=" + folder, library.toString())
                .inheritIO()
                .start();
        assertThat(make.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(make.exitValue()).isZero();
        assertThat(OpenSslChunks.load(library)).isTrue();
    }

    /** Other tests in this JVM are Java's again. */
    @AfterAll
    static void putBack() {
        Cobblestone.use(JavaChunkCipher::new);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void sealsAsJavaDoes() {
        for (int length : LENGTHS) {
            byte[] nonce = bytes(12);
            byte[] plain = bytes(length + 5);
            byte[] byJava = new byte[length + 16];
            byte[] byOpenSsl = new byte[length + 16];
            javas.seal(nonce, plain, 3, length, byJava);
            ours.seal(nonce, plain, 3, length, byOpenSsl);
            assertThat(byOpenSsl).as("%d bytes", length).isEqualTo(byJava);
        }
    }

    @Test
    void opensWhatJavaSealedAtAnyPlace() {
        for (int length : LENGTHS) {
            byte[] nonce = bytes(12);
            byte[] plain = bytes(length);
            byte[] sealed = new byte[length + 16];
            javas.seal(nonce, plain, 0, length, sealed);
            byte[] within = new byte[sealed.length + 9];
            System.arraycopy(sealed, 0, within, 7, sealed.length);
            byte[] opened = new byte[length + 4];
            assertThat(ours.open(nonce, within, 7, sealed.length, opened, 2)).isTrue();
            assertThat(Arrays.copyOfRange(opened, 2, 2 + length)).isEqualTo(plain);
            assertThat(List.of(opened[0], opened[1], opened[length + 2], opened[length + 3]))
                    .as("around it")
                    .containsOnly((byte) 0);
        }
    }

    @Test
    void noBitMayBeAnother() {
        byte[] nonce = bytes(12);
        byte[] sealed = new byte[40 + 16];
        ours.seal(nonce, bytes(40), 0, 40, sealed);
        byte[] opened = new byte[40];
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            sealed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(ours.open(nonce, sealed, 0, sealed.length, opened, 0))
                    .as("bit %d", bit)
                    .isFalse();
            sealed[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(ours.open(bytes(12), sealed, 0, sealed.length, opened, 0)).isFalse();
        assertThat(new OpenSslChunks(bytes(32)).open(nonce, sealed, 0, sealed.length, opened, 0))
                .isFalse();
        assertThat(ours.open(nonce, sealed, 0, sealed.length, opened, 0)).isTrue();
    }

    @Test
    void nothingOutsideTheArraysIsTouched() {
        byte[] nonce = bytes(12);
        byte[] sealed = new byte[32];
        assertThatThrownBy(() -> ours.seal(nonce, new byte[20], 10, 11, sealed))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ours.seal(nonce, new byte[20], -1, 3, sealed))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ours.seal(nonce, new byte[20], 0, 17, sealed))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ours.open(nonce, sealed, 0, 15, new byte[20], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ours.open(nonce, sealed, 0, 32, new byte[20], 5))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ours.seal(new byte[11], new byte[20], 0, 3, sealed))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ours.seal(nonce, new byte[16_401], 0, 16_401, new byte[20_000]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OpenSslChunks(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void messagesOfOneAreTheOthers() {
        Key32 messageKey = Key32.random(new SecureRandom());
        byte[] context = bytes(9);
        for (int length : new int[] {0, 100, 16_384, 50_000}) {
            byte[] plain = bytes(length);
            Cobblestone.use(OpenSslChunks::new);
            byte[] byOpenSsl = Cobblestone.seal(messageKey, context, plain);
            Cobblestone.use(JavaChunkCipher::new);
            assertThat(Cobblestone.open(messageKey, context, byOpenSsl)).isEqualTo(plain);
            byte[] byJava = Cobblestone.seal(messageKey, context, plain);
            Cobblestone.use(OpenSslChunks::new);
            assertThat(Cobblestone.open(messageKey, context, byJava)).isEqualTo(plain);
        }
    }

    @Test
    void severalThreadsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> work = IntStream.range(0, 400)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        byte[] nonce = {(byte) i, (byte) (i >> 8), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
                        byte[] plain = new byte[1000 + i];
                        Arrays.fill(plain, (byte) i);
                        byte[] sealed = new byte[plain.length + 16];
                        ours.seal(nonce, plain, 0, plain.length, sealed);
                        byte[] opened = new byte[plain.length];
                        return ours.open(nonce, sealed, 0, sealed.length, opened, 0) && Arrays.equals(plain, opened);
                    })
                    .toList();
            for (Future<Boolean> each : threads.invokeAll(work, 1, TimeUnit.MINUTES)) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Java stops its threads before it ends the process, and OpenSSL ends when that does: nobody may wait for both. */
    @ParameterizedTest
    @ValueSource(strings = {"exit", "halt"})
    void aProcessEndsWhileItSeals(String way) throws Exception {
        for (int i = 0; i < 5; i++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            EndsWhileSealing.class.getName(),
                            folder.resolve("libStrongroomCipher.so").toString(),
                            way)
                    .inheritIO()
                    .start();
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).isTrue();
            assertThat(process.exitValue()).isEqualTo(7);
        }
    }
}
