/**
 * The benchmark: Strongroom beside its peers, in one run, on one machine, with the same images, interleaved. It reports ratios
 * and asserts nothing. Started by {@code ./strongroom bench}; nobody else calls it.
 */
package org.strongroom.tests.bench;
