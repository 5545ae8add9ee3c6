package org.strongroom.core.control;

/** How many instances something was not done to, and why. */
public record Kept(String reason, long instances) {}
