package org.strongroom.sidecar.tier;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A directory of which whole objects are read past the page cache: what was written just now is read from the disk. File systems that
 * cannot do that are read as usual.
 */
public final class UncachedTier extends ForwardingTier {
    private final Path root;

    /** @param root of {@code directory} */
    public UncachedTier(DirectoryTier directory, Path root) {
        super(directory);
        this.root = root;
    }

    @Override
    public InputStream get(String name, long offset, long length) {
        if (offset == 0) {
            try {
                Path file = root.resolve(name);
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS, ExtendedOpenOption.DIRECT);
                return new BlockStream(channel, length);
            } catch (IOException | UnsupportedOperationException e) {
                return super.get(name, offset, length); // which says what is wrong, if anything is
            }
        }
        return super.get(name, offset, length);
    }
}
