package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.settings.Watermark;

class ReserveTest {
    @TempDir
    Path folder;

    @Test
    void an_image_that_would_use_the_reserve_is_refused_as_out_of_room() throws Exception {
        long free = DiskSpace.of(folder).usable();
        Reserve half = new Reserve(folder, new Watermark(free / 2, false));
        assertThatCode(() -> half.require(1_000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> half.require(free - free / 4)).isInstanceOfSatisfying(StrongroomException.class, e -> {
            org.assertj.core.api.Assertions.assertThat(e.kind()).isEqualTo(FailureKind.FULL);
        });
        assertThatThrownBy(() -> new Reserve(folder, Watermark.parse("100 %")).require(0))
                .hasMessageContaining("reserve");
    }
}
