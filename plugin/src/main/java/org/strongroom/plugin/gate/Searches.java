package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.access.Siblings;
import org.strongroom.plugin.hold.Restrictions;
import org.strongroom.plugin.tenancy.TenantLabels;

/** Searches of which only what is the caller's is left. Thread-safe. */
final class Searches {
    private static final Page ALL = new Page(0, 0);
    /**
     * Orthanc's error codes (OrthancCPlugin.h) that say that it is the search, which would be refused again: not implemented, out of range,
     * of a bad type, a bad request, an unknown tag.
     */
    private static final Set<String> BAD = Set.of("2", "3", "5", "8", "27");
    /** Some 70 MB while they are looked through. */
    private static final int MOST_HELD = 500_000;

    private final Access access;
    private final Shown shown;
    private final Optional<TenantLabels> labels;
    private final Restrictions restrictions;
    private final boolean several;
    private final int mostHeld;

    /**
     * @param labels if Orthanc knows any
     * @param several whether there are, or were, several tenants
     */
    Searches(Access access, Shown shown, Optional<TenantLabels> labels, Restrictions restrictions, boolean several) {
        this(access, shown, labels, restrictions, several, MOST_HELD);
    }

    /** @param mostHeld of everybody's matches of one search */
    Searches(
            Access access,
            Shown shown,
            Optional<TenantLabels> labels,
            Restrictions restrictions,
            boolean several,
            int mostHeld) {
        this.access = access;
        this.shown = shown;
        this.labels = labels;
        this.restrictions = restrictions;
        this.several = several;
        this.mostHeld = mostHeld;
    }

    /** The page of a search, as paths. */
    List<String> found(Principal principal, Search search) {
        List<String> found = new ArrayList<>();
        matches(principal, search)
                .each(rounds(new Mine(access, principal), search), search.page(), (uri, decision) -> found.add(uri));
        return found;
    }

    /** How many there are, whatever the page. */
    long count(Principal principal, Search search) {
        Search asked = search.unordered();
        return matches(principal, asked).each(rounds(new Mine(access, principal), asked), ALL, (uri, decision) -> {});
    }

    /** Everybody's, as far as Orthanc itself does not leave them out. */
    Matches matches(Principal principal, Search search) {
        Mine mine = new Mine(access, principal);
        Optional<Search> narrowed = narrowed(principal, search);
        // Of Orthanc's answer somebody might tell what is another's from what is not there.
        if (narrowed.isEmpty()
                || search.findsNobody()
                || !search.parents().stream()
                        .allMatch(parent -> mine.decision(parent).isPresent())) {
            return new Matches(search.folder(), List.of(), false);
        }
        if (!narrowed.get().folder().equals(search.folder())) {
            return patients(matches(principal, narrowed.get()));
        }
        List<String> ids = new ArrayList<>();
        byte[] body = labelled(principal, narrowed.get()).everything(mostHeld + 1);
        for (JsonNode id : orthancs(body)) {
            if (ids.size() == mostHeld) {
                return new Matches(search.folder(), ids, true);
            }
            ids.add(id.asText());
        }
        return new Matches(search.folder(), ids, false);
    }

    private Matches patients(Matches studies) {
        List<String> ids = studies.ids().stream()
                .flatMap(study -> shown.patientOf(studies.folder() + study).stream())
                .map(Matches::id)
                .distinct()
                .toList();
        return new Matches("/patients/", ids, studies.cut());
    }

    /**
     * Who holds a link to a study may be a stranger, and has nobody look through everybody's. Empty if that study is gone, or is not
     * what is searched for.
     */
    private Optional<Search> narrowed(Principal principal, Search search) {
        return principal.shared().isEmpty()
                ? Optional.of(search)
                : principal
                        .shared()
                        .flatMap(shared -> shown.asItIs("/studies/" + shared.study()))
                        .flatMap(search::around);
    }

    private JsonNode orthancs(byte[] search) {
        try {
            return shown.post("/tools/find", search);
        } catch (StrongroomException e) {
            if (BAD.contains(e.context().getOrDefault("code", ""))) {
                throw Lists.refused("Orthanc does not take this search").causedBy(e);
            }
            throw e;
        }
    }

    /** How the page of a search is gone through. */
    List<Matches.Round> rounds(Mine mine, Search search) {
        Siblings siblings = mine.siblings(search.folder());
        boolean another = search.findsByAnothersTags();
        if (!another && !search.isOrderedByPatient()) {
            return List.of(new Matches.Round(Matches::ids, id -> Mine.decision(siblings, id)));
        }
        String folder = search.folder();
        return List.of(
                new Matches.Round(Matches::ids, id -> Mine.decision(siblings, id)
                        .filter(found -> isOfOne(mine, folder + id, found))),
                // Also among each other they would stand as another's tags order them.
                new Matches.Round(
                        found -> another
                                ? byStudies(mine, search)
                                : found.ids().stream().sorted().toList(),
                        id -> Mine.decision(siblings, id).filter(found -> !isOfOne(mine, folder + id, found))));
    }

    /** Ids of patients of whom the caller's own studies say what is asked for; those that are the caller's alone may be among them. */
    private List<String> byStudies(Mine mine, Search search) {
        Optional<Search> asked = search.ofStudies();
        boolean inPart = mine.seesOwnPatientsOnly();
        if (asked.isEmpty() || !(several || inPart || restrictions.any())) {
            return List.of();
        }
        Matches matches = matches(mine.principal(), asked.get());
        Siblings siblings = mine.siblings(matches.folder());
        Set<String> patients = new TreeSet<>();
        Matches.Round theirs = new Matches.Round(Matches::ids, id -> Mine.decision(siblings, id));
        matches.each(List.of(theirs), ALL, (study, found) -> {
            // A restricted study is whole for who sees it; its patient, who has others, is not.
            if (inPart || !Mine.isOfOne(found) || restrictions.has(Matches.id(study))) {
                shown.patientOf(study).map(Matches::id).ifPresent(patients::add);
            }
        });
        return List.copyOf(patients);
    }

    /** Whether its patient is the caller's alone: of a series or image its study tells, by which Orthanc finds it. */
    private boolean isOfOne(Mine mine, String uri, Decision found) {
        boolean below = uri.startsWith("/instances/") || uri.startsWith("/series/");
        return below
                ? shown.studyOf(uri)
                        .flatMap(mine::decision)
                        .filter(Mine::isOfOne)
                        .isPresent()
                : Mine.isOfOne(found);
    }

    /** Orthanc itself leaves out what it can: less is looked through here. */
    private Search labelled(Principal principal, Search search) {
        if (labels.filter(TenantLabels::areKnown).isEmpty()) {
            return search;
        }
        Search asked = search.asksForBareStudies() ? search.forStudiesWithout(usersLabels()) : search;
        return asked.leavingOut(
                labels.get().ofOthers(tenant -> principal.reach("study:view", tenant) != Reach.NOTHING));
    }

    /** All but those that every study has from Strongroom. */
    private Set<String> usersLabels() {
        Set<String> theirs = new TreeSet<>();
        for (JsonNode label : shown.get("/tools/labels")) {
            if (!TenantLabels.isOne(label.asText())) {
                theirs.add(label.asText());
            }
        }
        return theirs;
    }
}
