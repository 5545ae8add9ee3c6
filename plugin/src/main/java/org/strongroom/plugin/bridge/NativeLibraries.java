package org.strongroom.plugin.bridge;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.codec.NativePlanes;
import org.strongroom.plugin.seal.OpenSslChunks;

/**
 * Loads the native parts of JNA and zstd, and our own, from the distribution, never from a temporary folder, which may be mounted noexec.
 * The system properties that tell them so are put back afterwards: another plugin may share this JVM.
 */
final class NativeLibraries {
    private NativeLibraries() {}

    /** Loads all; does nothing where they are loaded. */
    static void load(Path distribution) {
        Path folder = distribution.resolve("lib").resolve("native");
        Path jna = one(folder, "libjnidispatch.so");
        Path zstd = one(folder, "libzstd-jni*.so");
        String path = String.valueOf(jna.getParent());
        with(
                "jna.boot.library.path",
                path,
                () -> with(
                        "jna.nosys",
                        "true",
                        () -> with("jna.nounpack", "true", () -> {
                            return com.sun.jna.Native.POINTER_SIZE; // its class initialiser loads the library
                        })));
        with("ZstdNativePath", zstd.toString(), () -> {
            Native.load();
            return Native.isLoaded();
        });
        NativePlanes.load(one(folder, "libStrongroomPlanes.so"));
        OpenSslChunks.load(one(folder, "libStrongroomCipher.so"));
    }

    private static Path one(Path folder, String pattern) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : files) {
                return file;
            }
        } catch (IOException e) {
            throw missing(folder, pattern).causedBy(e);
        }
        throw missing(folder, pattern);
    }

    private static StrongroomException missing(Path folder, String pattern) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "a native library is missing")
                .with("file", folder.resolve(pattern))
                .cure("Install the whole distribution; lib/native belongs beside libStrongroom.so");
    }

    private static <T> T with(String property, String value, Supplier<T> action) {
        String before = System.setProperty(property, value);
        try {
            return action.get();
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }
}
