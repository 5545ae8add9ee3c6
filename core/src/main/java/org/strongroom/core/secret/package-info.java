/**
 * Types for values that must not be printed, compared in variable time or kept longer than needed. Knows nothing of what
 * they open. Every package that handles keys uses these types and never a bare array in its interface.
 */
package org.strongroom.core.secret;
