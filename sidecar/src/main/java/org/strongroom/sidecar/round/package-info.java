/** Work that comes round again and again, each on a thread of its own. Every room of the sidecar may use it. */
package org.strongroom.sidecar.round;
