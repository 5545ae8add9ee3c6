/**
 * Time that tests can turn: the only package that waits or reads the system's clock. Everything else is given a {@link
 * java.time.InstantSource} or a {@link org.strongroom.core.time.Sleeper}. Every package may use it.
 */
package org.strongroom.core.time;
