/**
 * A small reader of DICOM headers, in dcm4che's vocabulary: who the instance is and where its pixels start. Storage and codecs
 * call it on every instance that arrives, so nothing in the bytes makes it fail: what it does not understand it leaves out.
 * Behind {@link org.strongroom.core.dicom.DicomHeader} alone, so that another reader can take its place.
 */
package org.strongroom.core.dicom;
