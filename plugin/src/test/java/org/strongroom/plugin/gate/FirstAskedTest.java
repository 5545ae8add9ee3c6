package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class FirstAskedTest {
    private final List<String> uris = new ArrayList<>();
    private boolean isDown;
    private String other = "";

    private final FirstAsked first = new FirstAsked("/dicom-web", this::answer);

    private String answer(String uri, String secret) {
        uris.add(uri);
        if (isDown) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "busy");
        }
        return other.isEmpty() ? "strongroom " + secret : other;
    }

    @Test
    void itIsAskedOnceForAStudyThatNobodyHas() {
        assertThat(first.holds()).isTrue();
        assertThat(first.holds()).isTrue();
        assertThat(uris)
                .singleElement()
                .asString()
                .matches("/dicom-web/studies\\?StudyInstanceUID=2\\.25\\.[0-9]{30,39}");
        assertThat(new String(first.answer().body(), StandardCharsets.US_ASCII)).startsWith("strongroom ");
    }

    @Test
    void anotherPluginsAnswerIsFinal() {
        other = "[]";
        assertThat(first.holds()).isFalse();
        other = "";
        assertThat(first.holds()).isFalse();
        assertThat(uris).hasSize(1);
    }

    @Test
    void whereNobodyAnsweredItIsTriedAgain() {
        isDown = true;
        assertThat(first.holds()).isFalse();
        isDown = false;
        assertThat(first.holds()).isTrue();
        assertThat(uris).hasSize(2);
    }
}
