/**
 * Whose tier it is: every tier carries the installation's id, and one without it, or with another's, is not used. Called
 * before anything is written to a tier or believed of it.
 */
package org.strongroom.sidecar.marker;
