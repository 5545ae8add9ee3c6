/**
 * {@code strongroom shred}: erasing for good by two people, and the certificate of it. Retention has what is due erased by it.
 */
package org.strongroom.plugin.offline.shred;
