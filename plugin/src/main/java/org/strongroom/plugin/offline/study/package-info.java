/**
 * {@code strongroom study}, {@code prefetch} and {@code urgent}: studies by the names that people have for them, and bringing them back or
 * shipping them before others. Called by the command line alone.
 */
package org.strongroom.plugin.offline.study;
