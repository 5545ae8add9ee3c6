package org.strongroom.tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.strongroom.core.format.v1.HeadCodec;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Tag16;

/**
 * One study that was sealed, as far as a ledger sees it: 512 by 512 CT slices of one series.
 *
 * @param headers in reading order
 * @param bytes of each sealed file
 */
record LedgerStudy(UUID key, UUID tenant, List<SealedHeader> headers, long bytes) {
    private static final UUID INSTALLATION = new UUID(1, 1);
    private static final UUID TENANT = new UUID(2, 2);
    private static final ImageLayout CT = new ImageLayout(2, true, false, 1, 512);
    private static final int DICOM = 1;
    private static final int PLAIN = 526_000;
    private static final int HEAD = 1_700;
    private static final int STORED_HEAD = 900;
    private static final long SEALED = 210_000;

    static LedgerStudy draw(SplittableRandom random, int instances) {
        UUID key = id(random);
        byte[] tag = new byte[16];
        random.nextBytes(tag);
        Tag16 series = new Tag16(tag);
        List<SealedHeader> headers = new ArrayList<>(instances);
        for (int order = 1; order <= instances; order++) {
            headers.add(new SealedHeader(
                    INSTALLATION,
                    id(random),
                    TENANT,
                    key,
                    series,
                    order,
                    DICOM,
                    PLAIN,
                    HEAD,
                    STORED_HEAD,
                    HeadCodec.ZSTD,
                    CT));
        }
        return new LedgerStudy(key, TENANT, headers, SEALED);
    }

    private static UUID id(SplittableRandom random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
