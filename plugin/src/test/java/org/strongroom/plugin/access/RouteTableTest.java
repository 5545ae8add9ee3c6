package org.strongroom.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.access.TwoTenants.Whose;
import org.strongroom.plugin.bridge.HttpMethod;

/** Every line of the route table, asked by everybody about what is theirs, partly theirs, and not. */
class RouteTableTest {
    /** What gives pixels, by the words that Orthanc and its plugins have for it. */
    private static final Pattern PIXELS = Pattern.compile(
            ".*/(rendered|thumbnail|preview|raw|raw\\.gz|image-u?int\\d+|numpy|matlab|file|archive|media|data|compressed-data"
                    + "|create-(archive|media|media-extended)(\\?resources=\\{resources\\})?|bulk/\\*\\*|content/\\*\\*|store|stow|move|get|wado|retrieve)"
                    + "|.*/frames/\\{frames\\}.*|.*/studies/\\{study-uid\\}(/series/\\{series-uid\\}(/instances/\\{instance-uid\\})?)?"
                    + "|/wado.*|/web-viewer/(series|instances)/.*|/jobs/\\{job\\}/\\{name\\}"
                    + "|/instances/\\{instance\\}/(modify|anonymize)|.*\\?ignore-length");

    private final TwoTenants clinic = new TwoTenants();
    private final List<Route> routes =
            RouteTable.of(DicomWebRoots.DEFAULTS, List.of()).routes();

    /** {@code decisions}: one letter for each of {@link TwoTenants#PEOPLE}. -Daccess.draw=FILE writes it, to be reviewed and saved. */
    @Test
    void everyRouteDecidesAsReviewed() throws IOException {
        StringBuilder drawn = new StringBuilder();
        asked((method, route) -> drawn.append("%-6s %s %s %s%n"
                .formatted(
                        method,
                        letters(person -> clinic.decide(person, method, route, Whose.NORTH)),
                        letters(person -> clinic.decide(person, method, route, Whose.SHARED)),
                        route.path())));
        String file = System.getProperty("access.draw");
        if (file != null) {
            Files.writeString(Path.of(file), drawn);
        }
        try (InputStream in = RouteTableTest.class.getResourceAsStream("decisions")) {
            assertThat(drawn.toString().lines())
                    .containsExactlyElementsOf(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .toList());
        }
    }

    @Test
    void nothingOfOthersOrOfNobodyIsEverAnswered() {
        asked((method, route) -> route.level().ifPresent(level -> {
            for (Whose whose : List.of(Whose.SOUTH, Whose.NOWHERE)) {
                for (Principal person : TwoTenants.PEOPLE) {
                    boolean runsTheMachine = level.kind() != Level.Kind.STORED
                            && (person.may("remote:configure") || person.may("job:all"));
                    if (!runsTheMachine) {
                        assertThat(clinic.decide(person, method, route, whose))
                                .as("%s %s of %s for %s", method, route, whose, person)
                                .isInstanceOf(Decision.Deny.class);
                    }
                }
            }
        }));
    }

    /** Or it could be asked whether something exists. */
    @Test
    void whatIsOthersIsRefusedLikeWhatIsNowhere() {
        asked((method, route) -> {
            for (Principal person : TwoTenants.PEOPLE) {
                assertThat(clinic.decide(person, method, route, Whose.SOUTH))
                        .as("%s %s for %s", method, route, person)
                        .isEqualTo(clinic.decide(person, method, route, Whose.NOWHERE));
            }
        });
    }

    /** Also for who may do everything: a star does not mean what is excepted by name. */
    @Test
    void whatIsRestrictedIsRefusedLikeWhatIsNowhere() {
        List<Principal> people = new ArrayList<>(TwoTenants.PEOPLE);
        people.add(TwoTenants.north("everything"));
        people.add(TwoTenants.north("protection").within(List.of("study:view,tags,pixels")));
        people.add(TwoTenants.north("protection").sharing("share:1", new Shared("north", "norths"), true));
        askedAboutStored((method, route) -> {
            for (Principal person : people) {
                assertThat(clinic.decide(person, method, route, Whose.RESTRICTED))
                        .as("%s %s for %s", method, route, person)
                        .isEqualTo(clinic.decide(person, method, route, Whose.NOWHERE));
            }
        });
    }

    /** Whoever is excepted, by a role that says so or in an emergency, sees what they would see otherwise, and changes and sends nothing. */
    @Test
    void whoIsExceptedSeesWhatIsRestrictedAndDoesNothingToIt() {
        Principal.Opened opened = new Principal.Opened("e", "north", TwoTenants.OPENED);
        List<Principal> excepted = List.of(
                TwoTenants.north("protection"),
                TwoTenants.north("everything").opening(Set.of(opened)),
                TwoTenants.north("radiologist").opening(Set.of(opened)),
                TwoTenants.ROLES
                        .principal("other", List.of("north"), List.of("referrer"), List.of())
                        .opening(Set.of(opened)));
        List<String> sees = List.of("study:view", "study:tags", "study:pixels", "study:reports", "study:download");
        for (Principal person : excepted) {
            List<String> answered = new ArrayList<>();
            askedAboutStored((method, route) -> {
                Decision decision = clinic.decide(person, method, route, Whose.RESTRICTED);
                boolean looks = route.need().alternatives().stream().anyMatch(sees::containsAll)
                        && !route.treatments().contains(Treatment.DENY);
                if (!looks) {
                    assertThat(decision)
                            .as("%s %s for %s", method, route, person)
                            .isInstanceOf(Decision.Deny.class);
                } else if (!(decision instanceof Decision.Deny)) {
                    answered.add(method + " " + route.path());
                }
            });
            assertThat(answered)
                    .as("%s", person)
                    .contains("GET /studies/{study}", "GET /studies/{study}/archive", "GET /instances/{instance}/file")
                    .noneMatch(line -> line.startsWith("DELETE") || line.startsWith("PUT"));
        }
    }

    @Test
    void noRouteGivesPixelsWithoutThePermission() {
        Principal north = TwoTenants.north("no-pixels");
        List<String> giving = new ArrayList<>();
        asked((method, route) -> {
            boolean takes =
                    method == HttpMethod.DELETE || route.need().toString().equals("study:import");
            if (PIXELS.matcher(route.path()).matches() && !takes) {
                giving.add(method + " " + route.path());
                assertThat(clinic.decide(north, method, route, Whose.NORTH))
                        .as("%s %s", method, route)
                        .isEqualTo(new Decision.Deny(Reason.NOT_PERMITTED));
            }
        });
        assertThat(giving).hasSize(93);
    }

    /** Whoever may do everything in both tenants still cannot change for both what they share. */
    @Test
    void aSharedPatientIsChangedByNobody() {
        Principal both =
                TwoTenants.ROLES.principal("both", List.of("north", "south"), List.of("everything"), List.of());
        asked((method, route) -> {
            if (route.changes() && route.level().filter(Level.PATIENT::equals).isPresent()) {
                assertThat(clinic.decide(both, method, route, Whose.SHARED))
                        .as("%s %s", method, route)
                        .isIn(new Decision.Deny(Reason.SHARED), new Decision.Deny(Reason.CLOSED));
            }
        });
    }

    @Test
    void whoMayDoEverythingInBothTenantsIsRefusedOnlyWhatIsClosed() {
        Principal both =
                TwoTenants.ROLES.principal("both", List.of("north", "south"), List.of("everything"), List.of());
        asked((method, route) -> {
            boolean closed = route.treatments().contains(Treatment.DENY);
            assertThat(clinic.decide(both, method, route, Whose.NORTH) instanceof Decision.Deny)
                    .as("%s %s", method, route)
                    .isEqualTo(closed);
        });
    }

    private void askedAboutStored(Asked asked) {
        asked((method, route) -> {
            if (route.level().filter(Level::isStored).isPresent()) {
                asked.accept(method, route);
            }
        });
    }

    private interface Asked {
        void accept(HttpMethod method, Route route);
    }

    private void asked(Asked asked) {
        routes.forEach(route -> route.methods().forEach(method -> asked.accept(method, route)));
    }

    private static String letters(Function<Principal, Decision> decide) {
        return Stream.of(TwoTenants.PEOPLE.toArray(Principal[]::new))
                .map(decide)
                .map(decision ->
                        decision instanceof Decision.Allow ? "A" : decision instanceof Decision.Filter ? "f" : "-")
                .collect(Collectors.joining());
    }
}
