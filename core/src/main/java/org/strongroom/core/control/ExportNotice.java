package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Body of {@code POST /v1/exports}: an export in clear begins, or has ended. It is in the audit log when this is answered.
 *
 * @param export random, the same in both
 * @param keys of the studies that are exported; none: everything
 * @param account of the operating system, as the command says
 * @param end null when it begins
 */
public record ExportNotice(UUID export, List<UUID> keys, String account, End end) {
    /**
     * What became of it.
     *
     * @param images in the folder, with those of earlier runs
     * @param written files, by this run
     * @param whole whether all was written and read back
     */
    public record End(long images, long bytes, long written, boolean whole) {
        public End {
            if (images < 0 || bytes < 0 || written < 0) {
                throw new IllegalArgumentException("a count is negative");
            }
        }
    }

    public ExportNotice {
        Objects.requireNonNull(export, "export");
        Objects.requireNonNull(account, "account");
        keys = List.copyOf(keys);
    }
}
