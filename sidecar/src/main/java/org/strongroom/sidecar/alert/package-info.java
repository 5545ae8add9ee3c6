/**
 * Tells whoever the settings name that a problem appeared or is over. Knows what is wrong now and nothing else; what it tells
 * holds no name, date or UID. Comes round on a thread of its own, so that a hanging program holds up nobody.
 */
package org.strongroom.sidecar.alert;
