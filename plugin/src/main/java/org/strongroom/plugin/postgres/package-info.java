/**
 * Orthanc's index where PostgreSQL has it: copies it with {@code pg_dump}, reads such a copy with {@code pg_restore}, and brings it into
 * an empty database. All by PostgreSQL's own programs, which get no key and no cloud credential; the password goes to them in their
 * environment alone. Called by {@code strongroom snapshot}, {@code strongroom recover} and {@code strongroom drill}.
 */
package org.strongroom.plugin.postgres;
