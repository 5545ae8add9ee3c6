/** The command line of the distribution, run as an administrator would run it. */
package org.strongroom.tests.cli;
