package org.strongroom.plugin.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.hold.Hold;

/** Collects what sealed files tell, then says of every study why it stays or goes. For one thread. */
public final class RetentionPlan {
    /** Where a day begins first: the latest day on which something can have arrived. */
    private static final ZoneOffset FIRST = ZoneOffset.ofHours(14);

    private final Settings settings;
    private final Instant now;
    private final Predicate<UUID> named;
    private final BinaryOperator<UUID> owners;
    private final Map<UUID, StudyHeads> studies = new LinkedHashMap<>();
    private boolean anybodyUnread;

    /** A plan that somebody looks at. */
    public RetentionPlan(Settings settings, Instant now) {
        this(settings, now, (key, sealedFor) -> sealedFor);
    }

    /** @param owners whose what a key sealed is, by the key and the tenant that it was sealed for */
    public RetentionPlan(Settings settings, Instant now, BinaryOperator<UUID> owners) {
        this(settings, now, owners, key -> false);
    }

    /** @param named the keys whose {@link #living} files are wanted by name: an archive has more of them than fit into memory */
    public RetentionPlan(Settings settings, Instant now, BinaryOperator<UUID> owners, Predicate<UUID> named) {
        this.settings = settings;
        this.now = now;
        this.owners = owners;
        this.named = named;
    }

    /** Rules of which no plan at this time takes account: from which day on each counts, by its name. */
    public static Map<String, String> later(Settings settings, Instant now) {
        Map<String, String> later = new TreeMap<>();
        Rules.later(settings, today(now))
                .forEach(rule ->
                        later.put(rule.id(), rule.effective().orElseThrow().toString()));
        return later;
    }

    private static LocalDate today(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    /**
     * Counts a sealed file.
     *
     * @param living whether Orthanc has not removed it
     * @return whether its head is wanted: for {@link #head}, or {@link #unread}
     */
    public boolean count(SealedHeader header, boolean living) {
        StudyHeads study = study(header);
        study.images++;
        if (living) {
            study.living++;
            if (named.test(header.key())) {
                study.livingFiles.add(header.attachment());
            }
        }
        return header.isDicom() && study.isNew(header.seriesTag());
    }

    /** What a head says. */
    public void head(SealedHeader header, DicomHeader dicom) {
        study(header).add(dicom);
    }

    /**
     * Something of a study cannot be read now: it stays, whatever the rest of it says.
     *
     * @param files how many that were not counted
     */
    public void unread(UUID key, UUID tenant, long files) {
        StudyHeads study = study(key, tenant);
        study.unread = true;
        study.images += files;
    }

    /** Something cannot be read of which nobody knows whose it is. */
    public void unreadOfAnybody() {
        anybodyUnread = true;
    }

    private StudyHeads study(SealedHeader header) {
        return study(header.key(), header.tenant());
    }

    private StudyHeads study(UUID key, UUID tenant) {
        return studies.computeIfAbsent(key, unknown -> new StudyHeads(tenant, owners.apply(key, tenant)));
    }

    /** What Orthanc has not removed of each key that is wanted by name: under which uuids it is sealed. */
    public Map<UUID, List<UUID>> living() {
        Map<UUID, List<UUID>> living = new HashMap<>();
        studies.forEach((key, study) -> {
            if (named.test(key)) {
                living.put(key, study.livingFiles);
            }
        });
        return living;
    }

    /**
     * The plan.
     *
     * @param tenants name of a tenant, by its id
     * @param arrivals when the last file of a key arrived; what is not there arrived now
     * @param holds all that are not over
     */
    public List<PlannedStudy> studies(
            Function<UUID, Optional<String>> tenants, Map<UUID, Instant> arrivals, List<Hold> holds) {
        Contacts contacts = new Contacts();
        studies.forEach((key, study) -> contacts.add(study, arrived(key, arrivals)));
        if (anybodyUnread) {
            contacts.addAnybodys(LocalDate.ofInstant(now, FIRST));
        }
        List<PlannedStudy> plan = new ArrayList<>();
        studies.forEach((key, study) -> {
            StudyFacts facts =
                    study.facts(tenants.apply(study.tenant).orElse(""), contacts.of(study), arrived(key, arrivals));
            plan.add(planned(key, study, facts, contacts.isGuessed(study), holds));
        });
        return plan;
    }

    /**
     * The studies that are meant, and that may be: also those of which something cannot be read.
     *
     * @param tenants name of a tenant, by its id
     */
    public Matches matching(StudyQuery query, Function<UUID, Optional<String>> tenants) {
        List<UUID> certain = new ArrayList<>();
        List<UUID> possible = new ArrayList<>();
        studies.forEach((key, study) -> {
            String tenant = tenants.apply(study.tenant).orElse("");
            StudyFacts facts = study.unread
                    ? new StudyFacts(
                            tenant,
                            Set.of(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            arrived(key, Map.of()))
                    : study.facts(tenant, Optional.empty(), arrived(key, Map.of()));
            if (query.means(facts)) {
                certain.add(key);
            } else if (query.mayMean(facts)) {
                possible.add(key);
            }
        });
        return new Matches(certain, possible);
    }

    private LocalDate arrived(UUID key, Map<UUID, Instant> arrivals) {
        return LocalDate.ofInstant(arrivals.getOrDefault(key, now), FIRST);
    }

    private PlannedStudy planned(UUID key, StudyHeads study, StudyFacts facts, boolean guessed, List<Hold> holds) {
        Resolution resolution = Resolver.resolve(facts, Rules.of(settings, facts.tenant()), today(now));
        List<UUID> on = holds.stream()
                .filter(hold -> hold.held().contains(key)
                        || hold.held().contains(study.tenant)
                        || hold.held().contains(study.sealedFor))
                .map(Hold::id)
                .toList();
        return new PlannedStudy(
                key,
                study.study,
                facts.tenant(),
                study.images,
                study.living,
                Fate.of(resolution, !on.isEmpty(), study.unread, now),
                resolution.until().map(LocalDate::toString).orElse(""),
                resolution.terms().stream().map(RetentionPlan::because).toList(),
                Stream.concat(
                                resolution.doubts().stream(),
                                guessed ? Stream.of(Doubt.ANYBODYS_CONTACT) : Stream.empty())
                        .sorted()
                        .map(Doubt::text)
                        .toList(),
                on,
                null);
    }

    private static PlannedStudy.Because because(Term term) {
        Rule rule = term.rule();
        return new PlannedStudy.Because(
                rule.id(),
                rule.citation(),
                rule.textDate().map(LocalDate::toString).orElse(""),
                term.until().toString());
    }
}
