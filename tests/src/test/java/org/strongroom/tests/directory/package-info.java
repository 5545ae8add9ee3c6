/** Users of a directory, asked of a real OpenLDAP server that is slow, dead, or not the one that was meant. */
package org.strongroom.tests.directory;
