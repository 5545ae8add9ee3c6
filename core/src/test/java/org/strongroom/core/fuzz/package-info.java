/**
 * Mutations of saved inputs for the parsers of every module. Deterministic by seed, blind to coverage, and quick enough for
 * every build; a long run is a flag away. Used by tests only.
 */
package org.strongroom.core.fuzz;
