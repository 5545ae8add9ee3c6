package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Where tiers are, by their settings, however they are called and with whatever they are opened. Stateless. */
final class SamePlace {
    /** What tells one folder, bucket or container from another. */
    private static final List<String> STORE =
            List.of("/Directory", "/S3/Endpoint", "/S3/Bucket", "/Azure/Account", "/Azure/Container");
    /** What tells two tiers in one of these apart. */
    private static final List<String> INSIDE = List.of("/S3/Prefix", "/Azure/Prefix");

    private SamePlace() {}

    /** Whether two tiers are in one folder, bucket or container, which is in one country then. */
    static boolean isOneStore(JsonNode one, JsonNode other) {
        return STORE.stream().anyMatch(at -> one.at(at).isTextual()) && agree(STORE, one, other);
    }

    /** Whether they are one tier. */
    static boolean isOneTier(JsonNode one, JsonNode other) {
        return isOneStore(one, other) && agree(INSIDE, one, other);
    }

    private static boolean agree(List<String> settings, JsonNode one, JsonNode other) {
        return settings.stream().allMatch(at -> text(one, at).equals(text(other, at)));
    }

    /** With a slash at the end and without is the same. */
    private static String text(JsonNode tier, String at) {
        String text = tier.at(at).asText();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
