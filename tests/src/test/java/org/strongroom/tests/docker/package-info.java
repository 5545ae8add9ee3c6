/**
 * The image and the compose file of {@code docker/}, on a Docker engine that the tests start and end themselves. Where no engine can
 * work, the tests are skipped with the reason. Nobody calls it.
 */
package org.strongroom.tests.docker;
