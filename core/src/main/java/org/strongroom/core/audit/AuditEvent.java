package org.strongroom.core.audit;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One thing that happened, before it is recorded. Nothing in it may name a patient in clear: no names, PatientIDs, UIDs, dates of
 * birth or file contents, in no component; a study is the id of its key, a detail (format.md §9.4). Begin with {@link #of} and add what is known. Texts longer than 400 characters are cut, what cannot be printed is replaced. Immutable.
 *
 * @param type what kind of thing
 * @param outcome how it ended
 * @param principal the account, machine or part of Strongroom that did it
 * @param tenant by its name in the settings
 * @param address of the other side: IP address
 * @param aet of the other side
 * @param patient reserved, as {@code study} and {@code note}: nothing writes it
 * @param reason why it ended so, a static text of ours
 * @param details names (a letter, then letters and digits, at most 32) and values, at most 32: counts, routes, levels, random ids
 */
public record AuditEvent(
        AuditType type,
        AuditOutcome outcome,
        Optional<String> principal,
        Optional<String> tenant,
        Optional<String> address,
        Optional<String> aet,
        Optional<Commitment> patient,
        Optional<Commitment> study,
        Optional<Commitment> note,
        Optional<String> reason,
        SortedMap<String, String> details) {
    /** The principal of what Strongroom does by itself. */
    public static final String STRONGROOM = "strongroom";
    /** The principal of what Orthanc asks for, where nothing says for whom. */
    public static final String ORTHANC = "orthanc";

    /** The principal of what somebody does with a command; who that is, the command's other words say. */
    public static final String COMMAND_LINE = "command line";

    /** Principal of what somebody asked who has not said who they are. */
    public static final String NOBODY = "nobody";

    /** Principal of what somebody asked where nobody has to say who they are. */
    public static final String ANYBODY = "anybody";

    private static final Set<String> NO_PERSONS = Set.of(STRONGROOM, ORTHANC, COMMAND_LINE, NOBODY, ANYBODY);

    static final int MOST_DETAILS = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,31}");

    public AuditEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(patient, "patient");
        Objects.requireNonNull(study, "study");
        Objects.requireNonNull(note, "note");
        principal = principal.map(Clean::text);
        tenant = tenant.map(Clean::text);
        address = address.map(Clean::text);
        aet = aet.map(Clean::text);
        reason = reason.map(Clean::text);
        if (details.size() > MOST_DETAILS) {
            throw new IllegalArgumentException(details.size() + " details");
        }
        SortedMap<String, String> clean = new TreeMap<>();
        for (Map.Entry<String, String> detail : details.entrySet()) {
            if (!NAME.matcher(detail.getKey()).matches()) {
                throw new IllegalArgumentException("not the name of a detail");
            }
            clean.put(detail.getKey(), Clean.text(detail.getValue()));
        }
        details = Collections.unmodifiableSortedMap(clean);
    }

    /** Whether a name, however it is written, stands for no person here: no directory or provider can give it to a user. */
    public static boolean isNoPersons(String name) {
        return NO_PERSONS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** What a person is called whom somebody else gave a name that stands for none here, as Orthanc does its first user: {@code user orthanc}. */
    public static String person(String name) {
        return NO_PERSONS.contains(name) ? "user " + name : name;
    }

    /** An event of which nothing else is known yet; it succeeded. */
    public static AuditEvent of(AuditType type) {
        return new AuditEvent(
                type,
                AuditOutcome.SUCCESS,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>());
    }

    /** The same with who did it. */
    public AuditEvent by(String who) {
        return new AuditEvent(
                type, outcome, Optional.of(who), tenant, address, aet, patient, study, note, reason, details);
    }

    /** The same with whose data it is. */
    public AuditEvent ofTenant(String name) {
        return new AuditEvent(
                type, outcome, principal, Optional.of(name), address, aet, patient, study, note, reason, details);
    }

    /** The same with the IP address that it came from. */
    public AuditEvent fromAddress(String ip) {
        return new AuditEvent(
                type, outcome, principal, tenant, Optional.of(ip), aet, patient, study, note, reason, details);
    }

    /** The same with the AET of the other side. */
    public AuditEvent fromAet(String title) {
        return new AuditEvent(
                type, outcome, principal, tenant, address, Optional.of(title), patient, study, note, reason, details);
    }

    /** The same with the patient that it is about. */
    public AuditEvent aboutPatient(Commitment who) {
        return new AuditEvent(
                type, outcome, principal, tenant, address, aet, Optional.of(who), study, note, reason, details);
    }

    /** The same with the study that it is about. */
    public AuditEvent aboutStudy(Commitment which) {
        return new AuditEvent(
                type, outcome, principal, tenant, address, aet, patient, Optional.of(which), note, reason, details);
    }

    /** The same with a commitment to free text. */
    public AuditEvent noted(Commitment text) {
        return new AuditEvent(
                type, outcome, principal, tenant, address, aet, patient, study, Optional.of(text), reason, details);
    }

    /** The same, turned away. */
    public AuditEvent refused(String why) {
        return ended(AuditOutcome.REFUSED, why);
    }

    /** The same, gone wrong. */
    public AuditEvent failed(String why) {
        return ended(AuditOutcome.FAILURE, why);
    }

    private AuditEvent ended(AuditOutcome how, String why) {
        return new AuditEvent(
                type, how, principal, tenant, address, aet, patient, study, note, Optional.of(why), details);
    }

    /** The same with one more detail. */
    public AuditEvent with(String name, Object value) {
        SortedMap<String, String> more = new TreeMap<>(details);
        more.put(name, String.valueOf(value));
        return new AuditEvent(type, outcome, principal, tenant, address, aet, patient, study, note, reason, more);
    }
}
