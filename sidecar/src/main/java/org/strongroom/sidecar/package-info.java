/** What runs beside Orthanc: holds the cloud credentials and never a key. */
package org.strongroom.sidecar;
