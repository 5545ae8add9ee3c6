/**
 * What a person should look at, by name, until it is over. Every room raises and clears its own problems; the status shows
 * them. Holds no PHI: random ids, counts and setting names only.
 */
package org.strongroom.sidecar.problem;
