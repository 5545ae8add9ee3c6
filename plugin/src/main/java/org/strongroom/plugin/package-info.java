/** What runs inside Orthanc: holds the keys and never a cloud credential. */
package org.strongroom.plugin;
