package org.strongroom.core.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** One JSON line of {@code GET /v1/fsck} (docs/control.md, Fsck): progress and findings in any order, one result at the end. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FsckLine.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = FsckLine.Finding.class, name = "finding"),
    @JsonSubTypes.Type(value = FsckLine.Result.class, name = "result")
})
public sealed interface FsckLine {

    /**
     * How far it is.
     *
     * @param all 0 if nobody knows yet
     */
    record Progress(String step, long done, long all) implements FsckLine {
        public Progress {
            Objects.requireNonNull(step, "step");
        }
    }

    /** What is wrong with something. */
    enum Kind {
        /** Bytes that nobody's index knows and nobody has forgotten. */
        orphan,
        /** Orthanc knows it, and a place that should hold its bytes does not. */
        missing,
        /** There twice where once is meant. */
        duplicate,
        /** There, and not what it should be. */
        corrupt
    }

    /** What can be done about a finding without losing anything. */
    enum Repair {
        /** Store the image in Orthanc again, under a new name; the old file is forgotten afterwards, as if Orthanc had removed it. */
        giveBack,
        /** Forget the file, as if Orthanc had removed it: it is no image that could be stored again. */
        forget,
        /** Have Orthanc delete it once more: its index is from before it did. Only if no newer index exists. */
        removeAgain,
        /** Send the pack to the tier once more. */
        remake,
        /** Give up an upload that leads nowhere. */
        abort,
        /** Move the file to {@code Home/quarantine}. */
        setAside,
        /** Copy the file back from {@code SpoolMirror}. */
        fromMirror
    }

    /**
     * Something that is wrong.
     *
     * @param what static text
     * @param attachment whose bytes; null if none is known
     * @param tier where; null for this machine
     * @param object name in the tier, or of an upload {@code name upload-id}; null for this machine
     * @param file path below Home; null in a tier
     * @param repair what {@code POST /v1/fsck/repair} would do; null if only a person can do something
     * @param cure one imperative sentence for that person
     */
    record Finding(
            Kind kind,
            String what,
            UUID attachment,
            String tier,
            String object,
            String file,
            Repair repair,
            String cure)
            implements FsckLine {
        public Finding {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(what, "what");
            Objects.requireNonNull(cure, "cure");
        }
    }

    /**
     * What was compared.
     *
     * @param index who told what Orthanc's index knows: {@code plugin}, {@code file}, or {@code none}
     * @param notAsked what could not be compared, and why; empty if everything was
     * @param attachments that Orthanc's index knows
     * @param clear of them, those that are clear files of the time before Strongroom
     * @param sealed files that the ledger knows and Orthanc has not removed
     * @param forgotten files that Orthanc removed and that are still kept
     * @param local sealed files and heads on this machine
     * @param objects packs in the tiers
     * @param quarantined files in {@code Home/quarantine}
     */
    record Result(
            String index,
            List<String> notAsked,
            long attachments,
            long clear,
            long sealed,
            long forgotten,
            long local,
            long objects,
            long quarantined)
            implements FsckLine {
        public Result {
            Objects.requireNonNull(index, "index");
            notAsked = List.copyOf(notAsked);
        }
    }
}
