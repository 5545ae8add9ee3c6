package org.strongroom.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.home.Home;
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

    /** Where the step is taken, and the heading that says so. */
    @ParameterizedTest
    @CsvSource({
        "1 Arrive, plugin.bridge, StorageArea",
        "2 Seal, plugin.storage, SealedStorage",
        "2 Seal, core.dicom, DicomHeader",
        "2 Seal, plugin.keys, Keyring",
        "2 Seal, plugin.codec, BlockEncoder",
        "2 Seal, plugin.seal, Sealer",
        "3 Intake, sidecar.intake, Intake",
        "4 Pack, sidecar.pack, Packer",
        "5 Ship, sidecar.ship, TierWorker",
        "5 Ship, sidecar.tier, Tier",
        "6 Receipt, sidecar.receipt, OpenChecks",
        "6 Receipt, plugin.receipt, OpenCheck",
        "7 Evict, sidecar.evict, Evictor",
        "8 Read, plugin.storage, SealedStorage",
        "8 Read, sidecar.fetch, SealedReads",
        "9 Forget, plugin.journal, Journal",
        "9 Forget, plugin.hold, Holds",
        "9 Forget, sidecar.purge, Purger",
    })
    void eachStepIsInThePackageOfItsHeading(String step, String room, String type) {
        assertThat(page.lines().filter(line -> line.startsWith("## " + step)))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("`" + room + "`");
        assertThat(Rooms.CLASSES.stream().map(JavaClass::getName)).contains("org.strongroom." + room + "." + type);
    }

    /** Whoever looks into Home finds nothing that the page's last table does not tell. */
    @Test
    void namesEveryPlaceInHome() throws ReflectiveOperationException {
        Home home = new Home(Path.of("/home"));
        Set<String> places = new TreeSet<>();
        for (Method method : Home.class.getDeclaredMethods()) {
            if (method.getReturnType() == Path.class && method.getParameterCount() == 0) {
                Path place = (Path) method.invoke(home);
                if (home.root().equals(place.getParent())) {
                    places.add(place.getFileName().toString());
                }
            }
        }
        assertThat(places).hasSizeGreaterThan(15).allSatisfy(place -> assertThat(page)
                .containsPattern("(?m)^\\| `" + Pattern.quote(place) + "/?` \\|"));
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
