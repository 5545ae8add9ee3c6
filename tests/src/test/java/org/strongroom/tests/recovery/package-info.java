/** A tier without the machine that filled it: opened by Strongroom's own classes, and by a program that knows only format.md. */
package org.strongroom.tests.recovery;
