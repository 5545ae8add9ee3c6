package org.strongroom.plugin.login.share;

import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;

/** What share links need to know of the studies in Orthanc, which are named by Orthanc's ids. Obligations: safe for several threads. */
public interface SharedStudies {
    /**
     * A study as it is now.
     *
     * @param tenant whose it is
     * @param key id of the key that seals it; empty if it is not sealed
     */
    record Known(String tenant, String key) {}

    /**
     * A series for a page without a viewer.
     *
     * @param viewer its address, without a slash before it; empty if there is none
     * @param images Orthanc's ids
     */
    record Series(String title, Optional<String> viewer, List<String> images) {
        public Series {
            images = List.copyOf(images);
        }
    }

    /**
     * Empty if Orthanc does not have it, or it is not one tenant's alone.
     *
     * @throws StrongroomException UNAVAILABLE if Orthanc does not say now, or something of another tenant's is being taken out of it
     */
    Optional<Known> known(String study);

    /** Whether somebody may show a study to others. */
    boolean mayShare(Principal user, String study);

    /** Address of the whole study as a file, without a slash before it; empty if this principal may not have it. */
    Optional<String> download(Principal who, String study);

    /** What it is, for people: whose, of when; PHI. */
    String describe(Principal who, String study);

    /** Address of the whole study in a viewer that shows it to this principal, without a slash before it; empty if there is none. */
    Optional<String> viewer(Principal who, String study);

    /** What this principal may see of it, series by series. */
    List<Series> series(Principal who, String study);
}
