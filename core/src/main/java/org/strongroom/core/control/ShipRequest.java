package org.strongroom.core.control;

/**
 * Body of {@code POST /v1/ship}.
 *
 * @param now plan every study at once, quiet or not
 */
public record ShipRequest(Boolean now) {
    public ShipRequest {
        now = now != null && now;
    }
}
