package org.strongroom.plugin.login;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.login.share.SharedStudies;

/** The studies of an Orthanc that can lose them; who may see what is decided as it always is. */
public final class PlayedStudies implements SharedStudies, Ownership {
    public final Map<String, Known> all = new HashMap<>();
    /** Whether Orthanc does not answer. */
    public boolean away;
    /** What happens once while Orthanc is asked for a study. */
    public Runnable meanwhile = () -> {};

    /** Those for which there is a viewer. */
    public final Set<String> viewed = new HashSet<>();

    private final Access access =
            new Access(RouteTable.of(DicomWebRoots.DEFAULTS, List.of()), Set.of("north", "south"), this);

    public Decision decide(Principal who, String path) {
        return access.decide(who, HttpMethod.GET, path, List.of());
    }

    @Override
    public Optional<Known> known(String study) {
        Runnable now = meanwhile;
        meanwhile = () -> {};
        now.run();
        if (away) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc does not answer");
        }
        return Optional.ofNullable(all.get(study));
    }

    @Override
    public boolean mayShare(Principal user, String study) {
        return !(access.decide(user, HttpMethod.GET, "/strongroom/share", List.of(Map.entry("study", study)))
                instanceof Decision.Deny);
    }

    @Override
    public Optional<String> download(Principal who, String study) {
        return decide(who, "/studies/" + study + "/archive") instanceof Decision.Deny
                ? Optional.empty()
                : Optional.of("studies/" + study + "/archive");
    }

    @Override
    public String describe(Principal who, String study) {
        return "DOE^JOHN, 20261126";
    }

    @Override
    public Optional<String> viewer(Principal who, String study) {
        return viewed.contains(study) ? Optional.of("viewer/index.html?study=1.2.3") : Optional.empty();
    }

    @Override
    public List<Series> series(Principal who, String study) {
        return List.of(
                new Series("CT, Thorax", Optional.empty(), List.of("i1", "i2")),
                new Series("SR", Optional.of("viewer?series=s2"), List.of("i3")));
    }

    @Override
    public Owners owners(Resource resource) {
        return Optional.ofNullable(all.get(resource.id()))
                .map(study -> new Owners(List.of(new Part(study.tenant(), "DOE^JANE", Set.of(), resource.id())), false))
                .orElse(Owners.NOBODY);
    }

    @Override
    public Optional<Resource> find(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<String> starter(Resource resource) {
        return Optional.empty();
    }
}
