package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A decorator that leaves a default of {@link Tier} as it is would hide what its tier can do. */
class DecoratorsTest {
    @Test
    void everyMethodIsPassedOn() throws Exception {
        List<Class<?>> decorators = decorators();
        assertThat(decorators).contains(GuardedTier.class, MeteredTier.class, RetryingTier.class, ThrottledTier.class);
        for (Class<?> decorator : decorators) {
            for (Method method : Tier.class.getDeclaredMethods()) {
                if (!method.isSynthetic()) {
                    assertThatCode(() -> decorator.getDeclaredMethod(method.getName(), method.getParameterTypes()))
                            .as(decorator.getSimpleName() + " and " + method.getName())
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    /** The tiers of this package that hold another one. */
    private static List<Class<?>> decorators() throws Exception {
        Path classes = Path.of(
                Tier.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String folder = Tier.class.getPackageName();
        List<Class<?>> found = new ArrayList<>();
        for (String name : names(classes.resolve(folder.replace('.', '/')))) {
            Class<?> type = Class.forName(folder + "." + name, false, Tier.class.getClassLoader());
            if (Tier.class.isAssignableFrom(type)
                    && Arrays.stream(type.getDeclaredFields())
                            .map(Field::getType)
                            .anyMatch(Tier.class::equals)) {
                found.add(type);
            }
        }
        return found;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Tier.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .toList();
        }
    }
}
