package org.strongroom.sidecar;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.strongroom.sidecar.control.ControlDesk;
import org.strongroom.sidecar.control.Lifetime;

/** Rooms with somebody in them: rounds and the control server. */
final class Service implements AutoCloseable {
    private final Rounds rounds;
    private final Lifetime lifetime;
    private final ControlDesk control;

    Service(Rooms rooms, boolean stay) throws IOException {
        rounds = new Rounds(rooms);
        lifetime = new Lifetime(stay, rooms.desk, rooms.time);
        try {
            control = new ControlDesk(
                    rooms.home,
                    rooms.installation,
                    rooms.ledger,
                    rooms.studies,
                    rooms.packs,
                    rooms.receipts,
                    rooms.limit,
                    rooms.tiers,
                    rooms.desk,
                    rooms.problems,
                    rooms.findings,
                    rooms.outlook,
                    rooms.disk,
                    rooms::anchored,
                    rooms::abilities,
                    rooms.audit::witnesses,
                    rooms.reads,
                    rooms.evictor,
                    rooms.undelete,
                    rooms.holdDesk,
                    rooms::remains,
                    rooms.fsck,
                    rooms.repairs,
                    rooms.events::record,
                    rooms.audit::flush,
                    lifetime,
                    rounds,
                    rooms.rules.fetch().waiting(),
                    rooms.clock);
        } catch (IOException | RuntimeException e) {
            rounds.close();
            throw e;
        }
    }

    /** Returns when it is asked to end, nobody needs it any more, or another has to take its place, because it is {@code outdated}. */
    void await(CountDownLatch ended, BooleanSupplier outdated) throws InterruptedException {
        boolean asked = false;
        while (!asked && !lifetime.isOver() && !outdated.getAsBoolean()) {
            asked = ended.await(1, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
        rounds.close();
    }
}
