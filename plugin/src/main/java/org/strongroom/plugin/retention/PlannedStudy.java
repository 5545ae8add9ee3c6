package org.strongroom.plugin.retention;

import java.util.List;
import java.util.UUID;

/**
 * One line of a plan. Immutable; PHI.
 *
 * @param key of the study
 * @param study StudyInstanceUID; empty if unknown
 * @param tenant whose it is
 * @param images sealed files of this key
 * @param living of them, those that Orthanc has not removed
 * @param fate whether it stays
 * @param until the last day on which it has to be there, ISO 8601; empty if no rule is about it
 * @param because what each rule says, the longest first
 * @param doubts what was not known well, and how it was read
 * @param holds ids of the holds on it
 * @param shortened what rules and data say now, if that is less than an earlier plan told; null if it is not
 */
public record PlannedStudy(
        UUID key,
        String study,
        String tenant,
        long images,
        long living,
        Fate fate,
        String until,
        List<Because> because,
        List<String> doubts,
        List<UUID> holds,
        Shortened shortened) {
    /**
     * What would be told if it were not told otherwise before.
     *
     * @param until the earlier last day
     * @param rule why
     * @param told the rule of the later one
     */
    public record Shortened(String until, String rule, String told) {}

    /** What one rule says. */
    public record Because(String rule, String citation, String text, String until) {}

    public PlannedStudy {
        because = List.copyOf(because);
        doubts = List.copyOf(doubts);
        holds = List.copyOf(holds);
    }

    /** As an earlier plan told it: until a later day, which is not over. */
    PlannedStudy longer(String later, String rule) {
        return new PlannedStudy(
                key,
                study,
                tenant,
                images,
                living,
                fate == Fate.DUE ? Fate.KEPT : fate,
                later,
                because,
                doubts,
                holds,
                new Shortened(until, because.get(0).rule(), rule));
    }

    /** Says nothing: it is PHI. */
    @Override
    public String toString() {
        return "***";
    }
}
