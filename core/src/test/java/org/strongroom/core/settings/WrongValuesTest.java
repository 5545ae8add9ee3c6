package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.strongroom.core.error.StrongroomException;

/** Whatever is set to nonsense, the error names the setting, shows the value unless it may be a secret, and says what to write. */
class WrongValuesTest {
    private static final String NONSENSE = "7.5";

    static Stream<Arguments> settings() {
        return SettingsTree.leaves().entrySet().stream().map(leaf -> Arguments.of(leaf.getKey(), leaf.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void areToldWithSettingValueAndCure(String name, Setting setting) {
        String path = name.replace("NAME", "one").replace("[]", "[0]");
        StrongroomException refused = catchThrowableOfType(
                StrongroomException.class, () -> Settings.parse("{\"Strongroom\": {" + withNonsense(name) + "}}"));

        assertThat(refused).as("accepted").isNotNull();
        assertThat(refused.context()).containsKey("Strongroom." + path);
        String told = refused.context().get("Strongroom." + path);
        assertThat(told).matches("(?s).*: (write|add|remove|correct|give|set) .*");
        if (setting.silent()) {
            assertThat(told).doesNotContain(NONSENSE);
        } else {
            assertThat(told).startsWith(NONSENSE + " ");
        }
        assertThat(refused.cure()).isNotEmpty();
    }

    private static String withNonsense(String path) {
        int dot = path.indexOf('.');
        String name = (dot < 0 ? path : path.substring(0, dot)).replace("NAME", "one");
        String value = dot < 0 ? NONSENSE : "{" + withNonsense(path.substring(dot + 1)) + "}";
        return name.endsWith("[]")
                ? "\"" + name.replace("[]", "") + "\": [" + value + "]"
                : "\"" + name + "\": " + value;
    }
}
