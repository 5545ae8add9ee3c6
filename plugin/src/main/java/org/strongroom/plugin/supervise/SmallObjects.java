package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.strongroom.core.error.StrongroomException;

/** The objects of one tier but for packs: all that a lost Home is made of. Obligations: reads only, and never from a cache. */
public interface SmallObjects {
    /**
     * Names and sizes of them.
     *
     * @throws StrongroomException UNAVAILABLE if the tier cannot be read, with what the store said
     */
    Map<String, Long> list() throws IOException, InterruptedException;

    /**
     * The content of objects, in this order, as files that stay until the next question.
     *
     * @throws StrongroomException UNAVAILABLE or NOT_FOUND if one cannot be read
     */
    Map<String, Path> get(List<String> names) throws IOException, InterruptedException;
}
