/** Random-access bytes and files that survive a power cut. Knows nothing of formats; every package may use it. */
package org.strongroom.core.io;
