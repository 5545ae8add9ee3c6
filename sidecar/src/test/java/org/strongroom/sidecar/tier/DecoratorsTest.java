package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A decorator that leaves a default of {@link Tier} as it is would hide what its tier can do. */
class DecoratorsTest {
    private static final Set<String> PUTS_NOTHING = Set.of(
            "name",
            "kind",
            "head",
            "get",
            "list",
            "digest",
            "minimumPartSize",
            "wantsEqualParts",
            "parts",
            "abort",
            "uploads",
            "delete",
            "withdraw",
            "hasOlder",
            "isHidden",
            "hidden",
            "reveal",
            "lingering",
            "lockPeriod",
            "keep",
            "examine",
            "enforcesPartDigest",
            "close");

    @Test
    void everyMethodIsPassedOn() throws Exception {
        List<Class<?>> decorators = decorators();
        assertThat(decorators)
                .contains(
                        CompanionTier.class,
                        GuardedTier.class,
                        MeteredTier.class,
                        RetryingTier.class,
                        ThrottledTier.class);
        for (Class<?> decorator : decorators) {
            for (Method method : methods()) {
                assertThat(decorator
                                .getMethod(method.getName(), method.getParameterTypes())
                                .getDeclaringClass())
                        .as(decorator.getSimpleName() + " and " + method.getName())
                        .isNotEqualTo(Tier.class);
            }
        }
    }

    /** Whoever adds a method to {@link Tier} decides here whether data goes through it. */
    @Test
    void theGuardStandsBeforeEveryMethodThatPutsSomething() throws Exception {
        for (Method method : methods()) {
            boolean guarded = Arrays.stream(GuardedTier.class.getDeclaredMethods())
                    .anyMatch(own -> !own.isSynthetic() && own.getName().equals(method.getName()));
            assertThat(guarded)
                    .as("GuardedTier and " + method.getName())
                    .isEqualTo(!PUTS_NOTHING.contains(method.getName()));
        }
    }

    private static List<Method> methods() {
        return Arrays.stream(Tier.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .toList();
    }

    /** The tiers of this package that hold another one. */
    private static List<Class<?>> decorators() throws Exception {
        Path classes = Path.of(
                Tier.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String folder = Tier.class.getPackageName();
        List<Class<?>> found = new ArrayList<>();
        for (String name : names(classes.resolve(folder.replace('.', '/')))) {
            Class<?> type = Class.forName(folder + "." + name, false, Tier.class.getClassLoader());
            if (ForwardingTier.class.isAssignableFrom(type)
                    || (Tier.class.isAssignableFrom(type)
                            && Arrays.stream(type.getDeclaredFields())
                                    .map(Field::getType)
                                    .anyMatch(Tier.class::equals))) {
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
