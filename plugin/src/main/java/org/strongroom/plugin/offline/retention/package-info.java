/**
 * {@code strongroom retention}: plans of what stays and why, who approved them, and carrying them out step by step. Called by the command
 * line alone.
 */
package org.strongroom.plugin.offline.retention;
