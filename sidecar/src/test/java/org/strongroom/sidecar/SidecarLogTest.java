package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class SidecarLogTest {
    private static String written(String level) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter()); // what SLF4J does when it starts logback
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            SidecarLog.begin(context, level);
            Logger log = context.getLogger("org.strongroom.sidecar.Rooms");
            log.debug("small");
            log.warn("two\nlines", new IllegalStateException("because\r\nof this", new IOException("cause")));
        } finally {
            System.setErr(before);
            context.stop();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsOneLineWhateverIsInIt() {
        assertThat(written(null))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  \\[[^]]+] Rooms: two lines"
                        + " java\\.io\\.IOException: cause .*IllegalStateException: because of this.*\n");
    }

    @Test
    void theLevelIsWhatItIsSetTo() {
        assertThat(written("DEBUG")).contains("DEBUG", "small", "WARN");
        assertThat(written("ERROR")).isEmpty();
        assertThat(written("nonsense")).doesNotContain("small").contains("WARN");
    }

    @Test
    void logbackFindsItAndTestsKeepTheirOwn() {
        assertThat(ServiceLoader.load(Configurator.class)).anySatisfy(each -> {
            assertThat(each).isInstanceOf(SidecarLog.class);
            assertThat(each.configure(new LoggerContext())).isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
        });
    }
}
