/**
 * What only the side with the keys can do: handed to the plugin when it asks, and again if it does not answer. Other rooms
 * offer work; the control server takes and answers it.
 */
package org.strongroom.sidecar.work;
