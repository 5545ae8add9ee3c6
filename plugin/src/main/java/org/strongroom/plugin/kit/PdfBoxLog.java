package org.strongroom.plugin.kit;

import java.util.logging.Level;
import java.util.logging.Logger;

/** PDFBox tells every time that it measures Helvetica by a look-alike, on paper and when it reads that. */
final class PdfBoxLog {
    /** Held, so that the level is. */
    private static final Logger LOG = Logger.getLogger("org.apache.pdfbox");

    private PdfBoxLog() {}

    static void onlyErrors() {
        LOG.setLevel(Level.SEVERE);
    }
}
