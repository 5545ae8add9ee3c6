package org.strongroom.tests.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void whatScriptsReadIsAllThereAndANumber() throws IOException {
        Figures figures = new Figures();
        assertThatThrownBy(figures::requireFixed).hasMessageContaining("ingest.rest.1.vsPlain");
        Figures.FIXED.forEach(name -> figures.put(name, 1));
        figures.requireFixed();
        figures.put("read.warm.vsPlain", Double.NaN);
        assertThatThrownBy(figures::requireFixed)
                .isInstanceOf(IOException.class)
                .hasMessage("not measured: read.warm.vsPlain");
    }
}
