/**
 * What Orthanc's index knows, asked through its REST API from inside, which all versions answer alike. Called when the sidecar
 * compares everything with everything; only random uuids leave this package.
 */
package org.strongroom.plugin.inventory;
