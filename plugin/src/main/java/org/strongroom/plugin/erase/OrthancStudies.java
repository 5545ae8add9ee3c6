package org.strongroom.plugin.erase;

import java.util.List;
import org.strongroom.core.error.StrongroomException;

/** What the running Orthanc has of studies. Obligations: thread-safe. */
public interface OrthancStudies {
    /**
     * Images.
     *
     * @param instances what to {@link #delete}
     * @param files how many files they are in: Orthanc may keep the beginning of one beside it
     */
    record Images(List<String> instances, long files) {
        public Images {
            instances = List.copyOf(instances);
        }
    }

    /**
     * Its images of a study; none if it has no such study.
     *
     * @param study Orthanc's id of it
     * @throws StrongroomException REFUSED if one of them is not sealed: nobody has looked at it
     */
    Images images(String study);

    /** Has Orthanc delete them; those that are gone are gone. */
    void delete(List<String> instances);
}
