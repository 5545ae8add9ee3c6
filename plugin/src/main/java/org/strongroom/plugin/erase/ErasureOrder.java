package org.strongroom.plugin.erase;

import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.ErasureRequest.Step;
import org.strongroom.plugin.keys.Keyring;

/** Seals and opens what passes through the sidecar, which can neither read an order, nor make one, nor have it mean other keys. Stateless. */
public final class ErasureOrder {
    /** So many files fit into a request to the sidecar (1 MiB, about 52 bytes each). */
    public static final int MOST = 15_000;

    private ErasureOrder() {}

    /** The order to erase what these keys sealed. */
    public static ErasureRequest order(Keyring keyring, ErasureText text, List<UUID> keys) {
        return order(keyring, UUID.randomUUID(), text, keys);
    }

    /** The same by an id that whoever orders it has written down. */
    public static ErasureRequest order(Keyring keyring, UUID erasure, ErasureText text, List<UUID> keys) {
        return seal(keyring, erasure, Step.ORDER, text, keys);
    }

    /** Somebody else agrees; the keys are those that this person means. */
    public static ErasureRequest approve(Keyring keyring, UUID erasure, ErasureText text, List<UUID> keys) {
        return seal(keyring, erasure, Step.APPROVE, text, keys);
    }

    /**
     * Somebody else has Orthanc delete what it still has of it: some at a time, so it is given again until nothing is left.
     *
     * @param files under which uuids that is sealed, as this person knows it: whatever else there is came unseen. At most {@link #MOST}
     */
    public static ErasureRequest delete(
            Keyring keyring, UUID erasure, ErasureText text, List<UUID> keys, Collection<UUID> files) {
        SealedDeletion deletion = new SealedDeletion(SealedStep.of(text, keys), List.copyOf(files));
        return seal(keyring, erasure, Step.DELETE, ControlJson.write(deletion), keys);
    }

    /** What Orthanc still has of it gets other keys, some at a time: it is given again until nothing is left. By an id of its own. */
    public static ErasureRequest move(Keyring keyring, ErasureText text, List<UUID> keys) {
        return seal(keyring, UUID.randomUUID(), Step.MOVE, text, keys);
    }

    /** The order is not to be carried out. */
    public static ErasureRequest withdraw(Keyring keyring, UUID erasure, ErasureText text) {
        return seal(keyring, erasure, Step.WITHDRAW, text, List.of());
    }

    private static ErasureRequest seal(Keyring keyring, UUID erasure, Step step, ErasureText text, List<UUID> keys) {
        return seal(keyring, erasure, step, ControlJson.write(SealedStep.of(text, keys)), keys);
    }

    private static ErasureRequest seal(Keyring keyring, UUID erasure, Step step, byte[] what, List<UUID> keys) {
        byte[] sealed = keyring.state().seal(name(erasure, step), what);
        return new ErasureRequest(erasure, step, Base64.getEncoder().encodeToString(sealed), keys);
    }

    /** The sealed text of a step. */
    static byte[] sealed(ErasureRequest request) {
        return Base64.getDecoder().decode(request.text());
    }

    /** @throws org.strongroom.core.error.StrongroomException CORRUPT if nobody with the keys wrote it, of this step */
    static SealedStep open(Keyring keyring, UUID erasure, Step step, byte[] sealed) {
        return ControlJson.readRequest(keyring.state().open(name(erasure, step), sealed), SealedStep.class);
    }

    /** The same of what has Orthanc delete. */
    static SealedDeletion openDeletion(Keyring keyring, UUID erasure, byte[] sealed) {
        return ControlJson.readRequest(keyring.state().open(name(erasure, Step.DELETE), sealed), SealedDeletion.class);
    }

    /** Under which name the text is sealed (format.md §6.3). */
    private static String name(UUID erasure, Step step) {
        return switch (step) {
            case ORDER -> "erasure/" + erasure;
            case MOVE -> "erasure-moved/" + erasure;
            case DELETE -> "erasure-deleted/" + erasure;
            case APPROVE -> "erasure-approved/" + erasure;
            case WITHDRAW -> "erasure-withdrawn/" + erasure;
        };
    }
}
