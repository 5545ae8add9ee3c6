package org.strongroom.plugin.tenancy;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.dicom.Identity;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.ArrivalContext.Origin;

/** Whose what arrives is. Thread-safe. */
public final class Arrivals {
    /** Threads of Orthanc's own, which work on what is there already: jobs, and files that it writes anew. */
    private static final Set<Origin> INSIDE = Set.of(Origin.REST, Origin.PLUGIN, Origin.UNKNOWN);

    private static final String UNKNOWN_SOURCE = "images of an unknown source are in quarantine";
    private static final String ANOTHERS = "images of another's study are in quarantine";
    private static final String UNREAD = "images that do not say clearly whose study they are of are in quarantine";
    private static final int MOST_TOLD = 1000;

    private final Settings settings;
    private final StudyTenants studies;
    private final Function<Set<UUID>, Optional<String>> coming;
    private final Consumer<AuditEvent> audit;
    private final Sources sources;
    private final Readings readings = new Readings();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param sources those of the settings
     * @param coming the tenant whose job makes new studies of a patient, by what that patient may be known by; as {@link Started#tenantOf}
     * @param audit returns when an event is durable
     */
    public Arrivals(
            Settings settings,
            Sources sources,
            StudyTenants studies,
            Function<Set<UUID>, Optional<String>> coming,
            Consumer<AuditEvent> audit) {
        this.settings = settings;
        this.sources = sources;
        this.studies = studies;
        this.coming = coming;
        this.audit = audit;
    }

    /** The tenant of what {@code principal} uploads; empty if it may upload nothing. */
    public Optional<String> tenantOf(Principal principal) {
        return sources.ofUser(principal.name())
                .filter(tenant -> uploads(principal, tenant))
                .or(() -> principal.tenants().stream()
                        .filter(tenant -> uploads(principal, tenant))
                        .findFirst());
    }

    private static boolean uploads(Principal principal, String tenant) {
        return principal.reach("study:import", tenant) == Reach.EVERYTHING;
    }

    /**
     * The tenant under whose key it is sealed. The study is this tenant's from now on, if it was nobody's. With several tenants a file
     * whose study cannot be read is quarantine's: Orthanc takes none without, so it reads one that may be anybody's.
     *
     * @param identity of its study; empty if none was found
     * @param instance what Orthanc may call its instance
     * @param origin text of a tag that tells where it is from, by its keyword
     * @throws StrongroomException REFUSED if nothing tells whose it is, and the settings say to refuse that; or if a request for
     *     another tenant, or for none, would write anew what is there
     */
    public String tenantOf(
            UUID attachment,
            ArrivalContext source,
            Optional<Identity> identity,
            Supplier<Set<String>> instance,
            UnaryOperator<String> origin) {
        Optional<String> known = known(source, identity, origin);
        if (known.isEmpty() && settings.access().refusesUnknown()) {
            throw StrongroomException.of(FailureKind.REFUSED, "nothing tells whose an image is")
                    .with("aet", source.remoteAet())
                    .cure("Add the sender to the Sources of a tenant");
        }
        boolean unread = identity.isEmpty() && keepsApart();
        String claimed = unread ? AccessSettings.QUARANTINE : known.orElse(AccessSettings.QUARANTINE);
        if (identity.isPresent()) {
            claimed = studies.claim(
                    claimed,
                    attachment,
                    instance,
                    identity.get().patientId(),
                    identity.get().studyInstanceUid());
        }
        if (claimed.equals(AccessSettings.QUARANTINE)) {
            alert(source, unread ? UNREAD : known.isEmpty() ? UNKNOWN_SOURCE : ANOTHERS);
        }
        return claimed;
    }

    /** The tenant of the user who attaches something that does not say whose it is; empty where there is one tenant, or no user. */
    public Optional<String> tenantOfSender(ArrivalContext source) {
        return keepsApart() ? sender(source) : Optional.empty();
    }

    private Optional<String> sender(ArrivalContext source) {
        return Sender.parse(source.token()).map(Sender::tenant).filter(settings.tenants()::containsKey);
    }

    /** As {@link StudyTenants#areOnes}. */
    public boolean areOnes() {
        return studies.areOnes();
    }

    /** As {@link StudyTenants#assignments}. */
    public long assignments() {
        return studies.assignments();
    }

    /** A DICOM file has arrived; {@link #stored} tells whether Orthanc has read it in the same way. */
    public void expect(UUID attachment, Set<String> instance) {
        if (keepsApart()) {
            readings.expect(attachment, instance);
        }
    }

    private boolean keepsApart() {
        return settings.tenants().size() > 1;
    }

    /** Orthanc has this attachment in its index, as this instance. Never blocks. */
    public void stored(UUID attachment, String instance) {
        readings.stored(attachment, instance);
    }

    /** Orthanc does not have this attachment, or has it no longer. */
    public void gone(UUID attachment) {
        studies.gone(attachment);
        readings.gone(attachment);
    }

    /** From now on takes out of Orthanc what may be in another tenant's study. */
    public StrayRemoval removeStrays(OrthancApi orthanc, StrayKeys keys) {
        return new StrayRemoval(orthanc, studies, readings, keys, audit);
    }

    private Optional<String> known(ArrivalContext source, Optional<Identity> identity, UnaryOperator<String> origin) {
        boolean inside = source.token().isEmpty() && INSIDE.contains(source.origin());
        if (!keepsApart()) { // whoever it comes from, there is nobody else; but a study may be whose who is gone
            return (inside ? identity.flatMap(this::ofJob) : Optional.<String>empty())
                    .or(() -> Optional.of(settings.firstTenant()));
        }
        if (!source.token().isEmpty()) {
            Optional<String> sender = sender(source);
            if (source.origin() == Origin.UNKNOWN) {
                requireOwn(sender, identity);
            }
            return sender;
        }
        if (source.origin() == Origin.DICOM) {
            return sources.ofSender(source.remoteAet(), origin);
        }
        return inside ? identity.flatMap(this::ofJob) : Optional.empty();
    }

    /** Who has the study; of a new one, whose job makes it. */
    private Optional<String> ofJob(Identity study) {
        return studies.owner(study.patientId(), study.studyInstanceUid())
                .or(() -> coming.apply(StudyTenants.patientsNamed(study.patientId())));
    }

    /**
     * No new image, but one of Orthanc's that it writes anew ({@code reconstruct}, {@code compress}) for whoever asked. As a stray of
     * that tenant's it would be taken out of its owner's study; refused, it stays as it is.
     */
    private void requireOwn(Optional<String> sender, Optional<Identity> identity) {
        Optional<String> owner = identity.flatMap(study -> studies.owner(study.patientId(), study.studyInstanceUid()));
        if (owner.isPresent() && !owner.equals(sender)) {
            throw StrongroomException.of(FailureKind.REFUSED, "an image of another tenant may not be written anew")
                    .cure("Let a user of the tenant alone do it, study by study");
        }
    }

    /** Once for each source: an alert for each image would hide the others. */
    private void alert(ArrivalContext source, String why) {
        Optional<Sender> sender = Sender.parse(source.token());
        String who = sender.map(one -> one.tenant() + " " + one.user()).orElse("");
        if (told.size() < MOST_TOLD && told.add(source.origin() + source.remoteAet() + who + why)) {
            audit.accept(Arriving.event(AuditType.ALERT, source)
                    .ofTenant(AccessSettings.QUARANTINE)
                    .refused(why)
                    .with("origin", source.origin()));
        }
    }
}
