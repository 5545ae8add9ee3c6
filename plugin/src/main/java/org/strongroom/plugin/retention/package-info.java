/**
 * How long the law wants a study kept: rule packs are data with citations, and one pure function makes a date of a study's facts and the
 * rules. What is not known well enough is always read in the way that keeps longer. Called by commands; touches no disk and no key.
 */
package org.strongroom.plugin.retention;
