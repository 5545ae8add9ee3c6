package org.strongroom.plugin.hold;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.control.ControlJson;
import org.strongroom.plugin.keys.Keyring;

/**
 * What is to be journaled of a hold, sealed by who has the keys: it can pass through the sidecar, which can neither read nor make one.
 * Immutable.
 */
public final class HoldOrder {
    private final UUID hold;
    private final byte[] sealedText;
    private final List<UUID> held;

    /**
     * @param hold its id
     * @param sealedText what it says, or what its end says
     * @param held ids of keys, or of a tenant, that come under it; none if it is over
     */
    public HoldOrder(UUID hold, byte[] sealedText, List<UUID> held) {
        this.hold = Objects.requireNonNull(hold, "hold");
        this.sealedText = sealedText.clone();
        this.held = List.copyOf(held);
    }

    public UUID hold() {
        return hold;
    }

    public byte[] sealedText() {
        return sealedText.clone();
    }

    public List<UUID> held() {
        return held;
    }

    /** Whether the hold is over. */
    public boolean ends() {
        return held.isEmpty();
    }

    /** A new hold. */
    public static HoldOrder add(Keyring keyring, HoldText text, List<UUID> held) {
        UUID id = UUID.randomUUID();
        return new HoldOrder(id, keyring.state().seal(name(id, false), ControlJson.write(text)), held);
    }

    /** The end of a hold. */
    public static HoldOrder end(Keyring keyring, UUID hold, HoldEnd text) {
        return new HoldOrder(hold, keyring.state().seal(name(hold, true), ControlJson.write(text)), List.of());
    }

    /** Under which name the text is sealed (format.md §6.2). */
    static String name(UUID hold, boolean ends) {
        return (ends ? "hold-ended/" : "hold/") + hold;
    }
}
