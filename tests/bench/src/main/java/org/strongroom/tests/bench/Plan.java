package org.strongroom.tests.bench;

import java.util.List;

/**
 * How much is measured.
 *
 * @param rounds that count; one more is thrown away before them
 * @param images per round and contestant
 * @param senders with how many at a time
 * @param remoteSenders the same, of the peers that have a store
 * @param associations the same, of C-STORE
 * @param latencies added to the store in milliseconds there and back, of the cold reads; the first one is that of the ratios
 * @param series instances of the series that is opened cold
 * @param study instances of its study
 * @param frames of the multi-frame instances, from few to many
 * @param ledgers instances in the ledgers, from few to many
 * @param events in the audit logs that are searched
 * @param studies of two tenants
 */
record Plan(
        boolean full,
        int rounds,
        int images,
        List<Integer> senders,
        List<Integer> remoteSenders,
        List<Integer> associations,
        int startRounds,
        int coldRounds,
        List<Integer> latencies,
        int series,
        int study,
        List<Integer> frames,
        List<Integer> ledgers,
        int ledgerRounds,
        List<Integer> events,
        int studies) {

    /** Shows that everything runs. */
    static final Plan TRIAL = new Plan(
            false,
            1,
            6,
            List.of(1, 4, 10),
            List.of(4),
            List.of(1, 2),
            1,
            1,
            List.of(30),
            12,
            20,
            List.of(16, 160),
            List.of(1_000, 10_000),
            1,
            List.of(50_000),
            60);

    static final Plan QUICK = new Plan(
            false,
            5,
            60,
            List.of(1, 4, 10),
            List.of(4),
            List.of(1),
            2,
            1,
            List.of(30),
            400,
            1000,
            List.of(16, 160, 1_600),
            List.of(10_000, 1_000_000),
            7,
            List.of(50_000),
            2_000);

    static final Plan FULL = new Plan(
            true,
            15,
            100,
            List.of(1, 4, 10),
            List.of(1, 4, 10),
            List.of(1, 4, 10),
            7,
            3,
            List.of(30, 0, 100),
            400,
            1000,
            List.of(16, 160, 1_600, 16_000),
            List.of(10_000, 1_000_000, 10_000_000),
            15,
            List.of(2_000_000, 10_000_000),
            10_000);
}
