package org.strongroom.tests.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;

/** One distribution for every Linux with a C library not older than RHEL 8's and Debian 10's (2.28). */
class NativeLibraryIT {
    /** EM_AARCH64. */
    private static final int AARCH64 = 183;

    static Stream<Path> libraries() {
        return ClearText.files(Distribution.get().folder()).stream()
                .filter(file -> file.toString().endsWith(".so"));
    }

    @Test
    void areTheLoaderOurPixelsAndThoseOfJnaZstdAndSqlite() {
        assertThat(libraries().map(library -> library.getFileName().toString().replaceAll("-[0-9].*", "")))
                .containsExactlyInAnyOrder(
                        "libStrongroom.so",
                        "libStrongroomCipher.so",
                        "libStrongroomPlanes.so",
                        "libjnidispatch.so",
                        "libsqlitejdbc.so",
                        "libzstd-jni");
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void needsNoNewerCLibrary(Path library) {
        assertThat(minors("objdump", library)).isNotEmpty().allMatch(minor -> minor <= 28);
    }

    /** What a machine with arm64 would build. */
    @Test
    void compileForArm64() {
        try (Scratch build = new Scratch()) {
            Command.of("make", "-s", "-C", Project.root().resolve("plugin/src/main/c"))
                    .and("CC=aarch64-linux-gnu-gcc", "BUILD=" + build.path())
                    .run()
                    .orFail();
            List<Path> libraries = ClearText.files(build.path());
            assertThat(libraries).hasSize(3).allSatisfy(library -> {
                assertThat(Command.of("aarch64-linux-gnu-objdump", "-f", library)
                                .run()
                                .orFail()
                                .output())
                        .contains("file format elf64-littleaarch64");
                assertThat(minors("aarch64-linux-gnu-objdump", library))
                        .isNotEmpty()
                        .allMatch(minor -> minor <= 28);
            });
        }
    }

    /** The loader's queues, its reading of settings, and pixels: by an emulator of its processor, which knows neither Java nor Orthanc. */
    @Test
    void runsOnArm64() {
        try (Scratch build = new Scratch()) {
            String output = Command.of("make", "-s", "-C", Project.root().resolve("plugin/src/main/c"))
                    .and("check-elsewhere", "CC=aarch64-linux-gnu-gcc", "BUILD=" + build.path())
                    .and("EMULATOR=qemu-aarch64 -L /usr/aarch64-linux-gnu")
                    .within(Duration.ofMinutes(6))
                    .run()
                    .orFail()
                    .output();
            assertThat(output)
                    .containsSubsequence(
                            "settings: accepted what is right",
                            "planes: ",
                            " shapes came back",
                            "queues: ",
                            "every success was Java's");
        }
    }

    /** What {@code build} unpacks on such a machine is in the libraries that it ships. */
    @Test
    void ofOthersAreThereForArm64() {
        Map<String, String> unpacked = Map.of(
                "plugin/jna-", "com/sun/jna/linux-aarch64/libjnidispatch.so",
                "plugin/zstd-jni-", "linux/aarch64/libzstd-jni-",
                "sidecar/sqlite-jdbc-", "org/sqlite/native/Linux/aarch64/libsqlitejdbc.so");
        Path lib = Distribution.get().folder().resolve("lib");
        unpacked.forEach((jar, library) -> assertThat(ClearText.files(lib).stream()
                        .filter(file -> lib.relativize(file).toString().startsWith(jar)))
                .singleElement()
                .satisfies(
                        file -> assertThat(machine(file, library)).as(library).isEqualTo(AARCH64)));
    }

    /** {@code e_machine} of an ELF file in a jar. */
    private static int machine(Path jar, String library) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(each -> each.getName().startsWith(library))
                    .findFirst()
                    .orElseThrow();
            byte[] header = zip.getInputStream(entry).readNBytes(20);
            return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getShort(18);
        }
    }

    private static List<Integer> minors(String objdump, Path library) {
        String symbols = Command.of(objdump, "-T", library).run().orFail().output();
        return Pattern.compile("GLIBC_2\\.(\\d+)")
                .matcher(symbols)
                .results()
                .map(MatchResult::group)
                .map(name -> Integer.valueOf(name.substring(name.lastIndexOf('.') + 1)))
                .toList();
    }

    /** And the C++ library, for what Orthanc throws: Orthanc is written in it. Of that, what each since GCC 3 has. */
    @ParameterizedTest
    @MethodSource("libraries")
    void needsNothingButTheCLibrary(Path library) {
        String header = Command.of("objdump", "-p", library).run().orFail().output();
        String orthancs = library.endsWith("libStrongroom.so") ? "libstdc[+]{2}|" : "";

        assertThat(header.lines().filter(line -> line.contains("NEEDED")))
                .isNotEmpty()
                // ld-linux is glibc's too: it holds what variables of a thread need on x86-64.
                .allMatch(line -> line.matches(
                        "\\s+NEEDED\\s+(" + orthancs + "libc|libm|libpthread|libdl|ld-linux[a-z0-9-]*)\\.so\\..*"));
        assertThat(header.lines().filter(line -> line.matches(".* (CXXABI|GLIBCXX)_.*")))
                .allMatch(line -> line.endsWith(" CXXABI_1.3"));
    }
}
