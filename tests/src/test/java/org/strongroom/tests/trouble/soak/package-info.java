/** Everything at once: images come, are read and deleted, while lines break, stores lie, disks go away and processes are killed. */
package org.strongroom.tests.trouble.soak;
