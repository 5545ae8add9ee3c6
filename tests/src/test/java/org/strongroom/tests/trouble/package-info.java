/** Bad days: disks that are full, read-only, broken or slow, and clocks that jump. Nothing that was acknowledged is lost. */
package org.strongroom.tests.trouble;
