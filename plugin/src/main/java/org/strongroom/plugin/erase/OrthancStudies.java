package org.strongroom.plugin.erase;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;

/** What the running Orthanc has of studies. Obligations: thread-safe. */
public interface OrthancStudies {
    /**
     * Images, and all that goes with them.
     *
     * @param instances what to {@link #delete}
     * @param files under which uuids everything is sealed that Orthanc deletes with the study, whatever it is: of its instances, its
     *     series, the study itself, and its patient
     */
    record Images(List<String> instances, Set<UUID> files) {
        public Images {
            instances = List.copyOf(instances);
            files = Set.copyOf(files);
        }
    }

    /**
     * What it has of a study; nothing if it has no such study.
     *
     * @param study Orthanc's id of it
     * @throws StrongroomException REFUSED if something of it is not sealed: nobody has looked at it; UNAVAILABLE if Orthanc does not tell all
     */
    Images images(String study);

    /**
     * Has Orthanc delete them; those that are gone are gone.
     *
     * @param files what they may have: it is looked at each again, for one may have been sent anew meanwhile
     * @throws StrongroomException REFUSED at the first that has something else: that one, and those behind it, are not deleted
     */
    void delete(List<String> instances, Set<UUID> files);
}
