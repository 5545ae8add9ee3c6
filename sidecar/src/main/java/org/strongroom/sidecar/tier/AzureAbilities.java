package org.strongroom.sidecar.tier;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.strongroom.core.error.StrongroomException;

/**
 * What a container says that it does: whether it keeps versions, and whether a retention policy holds for it, which is set in Azure and
 * not here. Thread-safe.
 */
final class AzureAbilities {
    private static final String YES = "true";

    private final AzureContainer container;
    private volatile String versions = "";

    AzureAbilities(AzureContainer container) {
        this.container = container;
    }

    Abilities examine(Optional<String> scratch, BooleanSupplier enforcesDigest) {
        Map<String, String> found = new LinkedHashMap<>();
        scratch.ifPresent(object -> versions = told(() -> hasVersion(object) ? Abilities.KEPT : "not kept"));
        if (!versions.isEmpty()) {
            found.put("versions", versions);
        }
        found.put("retention policy", told(this::policy));
        found.put(
                "part digests",
                told(() -> enforcesDigest.getAsBoolean() ? Abilities.ENFORCED : "not enforced, all is read back"));
        return new Abilities(found, List.of());
    }

    private boolean hasVersion(String object) {
        return container.call(
                AzureRequest.of("HEAD", object),
                answer -> !AzureContainer.header(answer, "x-ms-version-id").isEmpty());
    }

    private String policy() {
        return container.call(
                AzureRequest.ofContainer("HEAD"),
                answer -> AzureContainer.header(answer, "x-ms-has-immutability-policy")
                                .equals(YES)
                        ? Abilities.ENFORCED
                        : "none for the container");
    }

    /** A SAS for the container alone may not ask some of it. */
    private static String told(Supplier<String> question) {
        try {
            return question.get();
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return "unknown";
        }
    }
}
