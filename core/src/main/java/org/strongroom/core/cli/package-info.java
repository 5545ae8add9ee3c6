/**
 * What both command lines share: the options of every command, where words, JSON and progress go, one format of failures, how
 * amounts are written, and an end to every command that has one. Prints only where its caller points it; knows no command.
 */
package org.strongroom.core.cli;
