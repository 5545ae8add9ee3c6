package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.tests.harness.Scratch;

/** What an instance costs in the ledger, from arrival to receipt, when few and when many are in it already. */
record LedgerGrowth(Plan plan, Figures figures) {
    private static final double MEBIBYTE = 1 << 20;

    void run() throws IOException {
        try (Scratch scratch = new Scratch()) {
            List<LedgerProcess> ledgers = new ArrayList<>();
            try {
                for (int instances : plan.ledgers()) {
                    ledgers.add(open(scratch.path().resolve(instances + ".db"), instances));
                }
                rounds(ledgers);
            } finally {
                for (LedgerProcess ledger : ledgers) {
                    ledger.close();
                }
            }
        }
    }

    private LedgerProcess open(Path file, int instances) throws IOException {
        LedgerRows.write(file, instances);
        Terminal.progress("a ledger of " + instances + " instances");
        String name = "ledger." + Terminal.count(instances);
        figures.put(name + ".file.MiB", Files.size(file) / MEBIBYTE);
        figures.put(name + ".file.bytesPerInstance", (double) Files.size(file) / instances);
        LedgerProcess ledger = LedgerProcess.start(file, name);
        figures.put(name + ".open.seconds", ledger.openSeconds());
        return ledger;
    }

    /** The first one is thrown away: Java still compiles. */
    private void rounds(List<LedgerProcess> ledgers) throws IOException {
        for (int round = 0; round <= plan.ledgerRounds(); round++) {
            for (LedgerProcess ledger : ledgers) {
                LedgerProcess.Took took = ledger.study();
                if (round > 0) {
                    figures.sample(ledger.name(), Who.STRONGROOM, micros(took.seconds()));
                    figures.sample(ledger.name() + ".cpu", Who.STRONGROOM, micros(took.cpuSeconds()));
                    figures.sample(ledger.name() + ".status", Who.STRONGROOM, took.statusSeconds() * 1000);
                }
            }
        }
        for (LedgerProcess ledger : ledgers) {
            figures.ours(ledger.name() + ".usPerInstance", ledger.name());
            figures.ours(ledger.name() + ".cpuUsPerInstance", ledger.name() + ".cpu");
            figures.ours(ledger.name() + ".status.ms", ledger.name() + ".status");
            figures.put(ledger.name() + ".memory.MiB", Proc.peakMiB(ledger.pid()));
        }
        String few = ledgers.get(0).name();
        String many = ledgers.get(ledgers.size() - 1).name();
        figures.growth("ledger.growth", few, many, Who.STRONGROOM);
        figures.growth("ledger.cpuGrowth", few + ".cpu", many + ".cpu", Who.STRONGROOM);
        figures.growth("ledger.statusGrowth", few + ".status", many + ".status", Who.STRONGROOM);
        Terminal.progress("ledgers");
    }

    private static double micros(double secondsPerStudy) {
        return secondsPerStudy * 1e6 / LedgerRows.MEMBERS;
    }
}
