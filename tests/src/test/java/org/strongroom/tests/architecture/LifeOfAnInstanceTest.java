package org.strongroom.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Project;

/** Whoever reads docs/life-of-an-instance.md with the tree open finds each package it names, and no room that it does not name. */
class LifeOfAnInstanceTest {
    private static final Pattern PACKAGE = Pattern.compile("`((?:core|plugin|sidecar)\\.[a-z0-9]+)`");
    private static final Pattern TYPE = Pattern.compile("`([A-Z][A-Za-z]+)(?:\\.[a-z]\\w*)?`");
    /** Of Orthanc, of DICOM, or settings. */
    private static final Set<String> NOT_OURS = Set.of("Home", "StorageDirectory", "SpoolMirror");

    private final String page = read();

    @Test
    void namesPackagesThatAreThere() {
        assertThat(packages()).containsAll(found(PACKAGE));
    }

    @Test
    void namesEveryPackageOfThePluginAndOfTheSidecar() {
        assertThat(packages().stream().filter(name -> !name.startsWith("core.")))
                .isSubsetOf(found(PACKAGE));
    }

    @Test
    void namesTypesThatAreThere() {
        Set<String> types = Rooms.CLASSES.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        Set<String> named = found(TYPE);
        named.removeAll(NOT_OURS);
        assertThat(named).contains("SealedStorage");
        assertThat(types).containsAll(named);
    }

    /** As {@code plugin.seal}: the room in which a class is. */
    private static Set<String> packages() {
        return Rooms.CLASSES.stream()
                .map(type -> type.getPackageName().split("\\."))
                .filter(parts -> parts.length > 3)
                .map(parts -> parts[2] + "." + parts[3])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> found(Pattern pattern) {
        return pattern.matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read() {
        try {
            return Files.readString(Project.root().resolve("docs/life-of-an-instance.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
