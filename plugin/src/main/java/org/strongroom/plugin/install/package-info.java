/**
 * Where Strongroom is installed, who may use its Home, and how its keys come to be. Called when Orthanc starts, and by commands
 * that do the same without Orthanc.
 */
package org.strongroom.plugin.install;
