package org.strongroom.core.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Something that only the side with the keys can do (docs/control.md, Work). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Work.OpenCheck.class, name = "openCheck"),
    @JsonSubTypes.Type(value = Work.Restore.class, name = "restore"),
    @JsonSubTypes.Type(value = Work.ListIndex.class, name = "listIndex"),
    @JsonSubTypes.Type(value = Work.Forget.class, name = "forget"),
    @JsonSubTypes.Type(value = Work.Remove.class, name = "remove"),
    @JsonSubTypes.Type(value = Work.Hold.class, name = "hold"),
    @JsonSubTypes.Type(value = Work.Erase.class, name = "erase"),
    @JsonSubTypes.Type(value = Work.Assign.class, name = "assign")
})
public sealed interface Work {
    /** Names this item; answered to {@code POST /v1/work/{id}}. */
    String id();

    /**
     * Read footer and index of a pack from a tier, and open three chunks and one head chosen at random.
     *
     * @param pack the pack's object is {@code PackPrologue.objectName(pack)}
     * @param bytes size of the pack
     * @param bundle name of the object in the same tier that holds the pack's key
     */
    record OpenCheck(String id, String tier, UUID pack, long bytes, String bundle) implements Work {
        public OpenCheck {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(tier, "tier");
            Objects.requireNonNull(pack, "pack");
            Objects.requireNonNull(bundle, "bundle");
        }
    }

    /**
     * Open these attachments and give them back to Orthanc, which stores them under new names.
     *
     * @param forget whether the old names are to be journaled as removed afterwards: they never were
     * @param toOwner whether what somebody sent into another tenant's study is given back as well, as the study's owner's
     */
    record Restore(String id, List<UUID> attachments, boolean forget, boolean toOwner) implements Work {
        public Restore {
            Objects.requireNonNull(id, "id");
            attachments = List.copyOf(attachments);
        }
    }

    /** Tell every attachment that Orthanc's index knows, in batches to {@code POST /v1/work/{id}/attachments}. */
    record ListIndex(String id) implements Work {
        public ListIndex {
            Objects.requireNonNull(id, "id");
        }
    }

    /** Journal these attachments as removed: Orthanc does not know them, and what they are cannot be given back to it. */
    record Forget(String id, List<UUID> attachments) implements Work {
        public Forget {
            Objects.requireNonNull(id, "id");
            attachments = List.copyOf(attachments);
        }
    }

    /**
     * Have Orthanc delete these attachments, an image's with the image: it deleted them before, and its index is from before that
     * (recovered from a snapshot).
     */
    record Remove(String id, List<UUID> attachments) implements Work {
        public Remove {
            Objects.requireNonNull(id, "id");
            attachments = List.copyOf(attachments);
        }
    }

    /** Journal a hold, or the end of one, that somebody with the keys ordered. */
    record Hold(String id, HoldRequest order) implements Work {
        public Hold {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(order, "order");
        }
    }

    /** Journal a step of an erasure that somebody with the keys ordered; if it is approved, destroy the keys. */
    record Erase(String id, ErasureRequest order) implements Work {
        public Erase {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(order, "order");
        }
    }

    /** Give studies to another tenant, as somebody with the keys ordered. */
    record Assign(String id, AssignmentRequest order) implements Work {
        public Assign {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(order, "order");
        }
    }
}
