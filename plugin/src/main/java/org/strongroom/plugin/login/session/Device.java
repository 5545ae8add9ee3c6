package org.strongroom.plugin.login.session;

import java.time.Instant;

/**
 * A browser in which somebody has logged in before, or a place from where: strangers who guess do not get in its way.
 *
 * @param id SHA-256 of its cookie, or of its address
 */
record Device(String id, String user, Instant until) {}
