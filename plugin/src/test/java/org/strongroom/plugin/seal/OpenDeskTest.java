package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.ImageLayout;

class OpenDeskTest {
    private static OpenDesk after(ImageLayout layout, int rows) {
        OpenDesk desk = OpenDesk.take();
        byte[] plain = new byte[rows * layout.rowBytes()];
        byte[] stored = Zstd.compress(plain);
        desk.decoder.decode(
                BlockCodec.SHUFFLE, stored, 0, stored.length, desk.plain(plain.length), 0, plain.length, layout);
        return desk;
    }

    @Test
    void what_opens_ordinary_images_is_kept_and_what_grew_for_a_wide_one_is_not() {
        assertThat(after(new ImageLayout(2, false, false, 1, 4096), 128).isSmall())
                .isTrue();
        OpenDesk wide = after(new ImageLayout(1, false, false, 4, 65535), 4);
        assertThat(wide.isSmall()).isFalse();
        wide.give();
        assertThat(OpenDesk.take()).isNotSameAs(wide);
    }

    @Test
    void no_more_than_four_are_kept_however_many_processors_there_are() {
        List<OpenDesk> used = Stream.generate(OpenDesk::take).limit(20).toList();
        used.forEach(OpenDesk::give);
        List<OpenDesk> next = Stream.generate(OpenDesk::take).limit(20).toList();
        assertThat(next.stream().filter(used::contains)).hasSizeBetween(1, 4).hasSize(OpenDesk.MOST_KEPT);
        next.forEach(OpenDesk::give);
    }
}
