package org.strongroom.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.plugin.access.Ownership.Part;
import org.strongroom.plugin.access.TwoTenants.Whose;
import org.strongroom.plugin.bridge.HttpMethod;

class SiblingsTest {
    private static final String ID = "0000000-00000000-00000000-00000000-0000000";

    private final TwoTenants clinic = new TwoTenants();

    /** In any order, so that nothing that was decided about one is kept for one that is not like it. */
    @ParameterizedTest
    @ValueSource(strings = {"/patients/", "/studies/", "/series/", "/instances/"})
    void eachIsDecidedAboutAsIfAlone(String folder) {
        for (Principal person : people()) {
            Siblings siblings = clinic.access.siblings(person, folder);
            for (int round = 0; round < 2; round++) {
                for (Whose whose : Whose.values()) {
                    for (int number = 1; number < 4; number++) {
                        String id = whose.digit + ID + number;
                        assertThat(siblings.decide(id))
                                .as("%s of %s for %s", folder, whose, person)
                                .isEqualTo(clinic.access.decide(person, HttpMethod.GET, folder + id, List.of()));
                    }
                }
            }
        }
    }

    /** Studies that are alike but for what they are. */
    @Test
    void aLinkIsToOneOfThem() {
        Access access = new Access(
                RouteTable.of(DicomWebRoots.DEFAULTS, List.of()),
                TwoTenants.TENANTS,
                whose(resource -> new Part("north", "", Set.of(), resource.id()), null));
        String shared = "1" + ID + "2";
        Principal link = TwoTenants.north("radiologist").sharing("share:1", new Shared("north", shared), true);
        Siblings siblings = access.siblings(link, "/studies/");
        for (int number = 1; number < 5; number++) {
            assertThat(siblings.decide("1" + ID + number) instanceof Decision.Deny)
                    .isEqualTo(number != 2);
        }
    }

    /** What was given away between two questions is not everybody's. */
    @Test
    void whoseAStudyIsIsAskedOnceForEach() {
        List<String> asked = new ArrayList<>();
        Ownership moving = new Ownership() {
            @Override
            public Owners owners(Resource resource) {
                asked.add(resource.id());
                return Owners.of(asked.size() % 2 == 1 ? "south" : "north", "");
            }

            @Override
            public Optional<Resource> find(String id) {
                return Optional.empty();
            }

            @Override
            public Optional<String> starter(Resource resource) {
                return Optional.empty();
            }
        };
        Access access = new Access(RouteTable.of(DicomWebRoots.DEFAULTS, List.of()), TwoTenants.TENANTS, moving);
        Siblings siblings = access.siblings(TwoTenants.north("radiologist"), "/studies/");
        for (int number = 1; number < 7; number++) {
            assertThat(siblings.decide("1" + ID + number) instanceof Decision.Deny)
                    .isEqualTo(number % 2 == 1);
        }
        assertThat(asked).hasSize(6);
    }

    /** It takes a request to Orthanc for each. */
    @Test
    void physiciansAreAskedForOnlyIfTheyMatter() {
        Ownership unaware = whose(resource -> new Part("north", ""), null);
        Ownership both = whose(resource -> new Part("north", "REFERRER^NORTH"), unaware);
        Access access = new Access(RouteTable.of(DicomWebRoots.DEFAULTS, List.of()), TwoTenants.TENANTS, both);
        assertThat(access.ownership(TwoTenants.north("referrer"))).isSameAs(both);
        assertThat(access.ownership(TwoTenants.link("referrer", false))).isSameAs(both);
        assertThat(access.ownership(TwoTenants.north("radiologist"))).isSameAs(unaware);
    }

    private static Ownership whose(Function<Resource, Part> part, Ownership without) {
        return new Ownership() {
            @Override
            public Owners owners(Resource resource) {
                return new Owners(List.of(part.apply(resource)), false);
            }

            @Override
            public Optional<Resource> find(String id) {
                return Optional.empty();
            }

            @Override
            public Optional<String> starter(Resource resource) {
                return Optional.empty();
            }

            @Override
            public Ownership withoutPhysicians() {
                return without == null ? this : without;
            }
        };
    }

    private static List<Principal> people() {
        List<Principal> people = new ArrayList<>(TwoTenants.PEOPLE);
        people.add(TwoTenants.north("protection"));
        people.add(TwoTenants.north("everything"));
        people.add(TwoTenants.north("referrer").opening(Set.of(new Principal.Opened("e", "north", TwoTenants.OPENED))));
        people.add(TwoTenants.north("radiologist").opening(Set.of(new Principal.Opened("e", "north", new UUID(7, 7)))));
        people.add(TwoTenants.ROLES.principal("both", List.of("north", "south"), List.of("radiologist"), List.of()));
        return people;
    }
}
