/**
 * The kinds of failure and the one exception that carries them. Every package may throw it; text is static, values travel
 * as key/value context, and neither ever holds PHI.
 */
package org.strongroom.core.error;
