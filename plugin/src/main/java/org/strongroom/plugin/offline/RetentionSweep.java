package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.RetentionSettings;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.RetentionPlanCommand.Made;
import org.strongroom.plugin.retention.Approval;
import org.strongroom.plugin.retention.Approvals;
import org.strongroom.plugin.retention.Execution;

/** Hands studies over to be erased, one after the other, and goes on with those that a kill broke off. For one thread. */
final class RetentionSweep {
    private final Place place;
    private final Keyring keyring;
    private final Main main;
    private final ControlClient sidecar;
    private final Approvals approvals;
    private final Map<UUID, Erasure> before;

    /**
     * What came of it.
     *
     * @param erased erasures whose keys are destroyed now
     * @param execution what was meant to be done
     * @param failures how many studies were not erased, by the reason
     */
    record Result(List<UUID> erased, Execution execution, Map<String, Long> failures) {}

    RetentionSweep(Place place, Keyring keyring, Main main, ControlClient sidecar) throws IOException {
        this.place = place;
        this.keyring = keyring;
        this.main = main;
        this.sidecar = sidecar;
        approvals = Approvals.read(place.home(), keyring);
        before = erasures();
    }

    private Map<UUID, Erasure> erasures() throws IOException {
        return ShredOrders.read(place, keyring, main.clock).stream()
                .collect(Collectors.toMap(Erasure::id, Function.identity()));
    }

    /** One study that cannot be erased holds up no other. */
    Result run(Made made) throws IOException {
        RetentionSettings settings = place.settings().retention();
        Execution execution = Execution.of(
                approvals.all(),
                made.studies(),
                made.at(),
                settings.grace(),
                settings.dailyLimit() - approvals.handedBefore(made.at()),
                keyring::isDestroyed,
                id -> before.containsKey(id) && before.get(id).withdrawn().isPresent());
        Map<String, Long> failures = new TreeMap<>();
        List<UUID> erased = new ArrayList<>();
        for (Execution.Study study : execution.go()) {
            try {
                if (study.isDue()) {
                    erased.add(erase(study, made));
                } else {
                    takeBack(study);
                }
            } catch (StrongroomException e) {
                failures.merge(e.text(), 1L, Long::sum);
            }
        }
        Map<UUID, Erasure> after = erasures();
        for (UUID id : List.copyOf(erased)) {
            Erasure one = after.get(id);
            if (!one.destroyed().containsAll(one.keys())) {
                erased.remove(id);
                failures.merge("a hold came meanwhile", 1L, Long::sum);
            }
        }
        return new Result(erased, execution, failures);
    }

    private UUID erase(Execution.Study study, Made made) throws IOException {
        Approval approval = study.approval();
        List<UUID> keys = study.keys();
        UUID id;
        if (study.handed().isPresent()) {
            id = study.handed().get().erasure();
        } else {
            id = UUID.randomUUID();
            approvals.hand(approval.digest(), new Approval.Handed(id, keys, made.at()));
        }
        if (!before.containsKey(id)) {
            sidecar.erase(ErasureOrder.order(keyring, id, approval.order(), keys));
        }
        sidecar.erase(ErasureOrder.delete(keyring, id, approval.agreement(), keys, study.living()));
        sidecar.erase(ErasureOrder.approve(keyring, id, approval.agreement(), keys));
        return id;
    }

    /** It was ordered, and a rule or a hold wants it again: what Orthanc deleted of it comes back with undelete. */
    private void takeBack(Execution.Study study) {
        UUID id = study.handed().orElseThrow().erasure();
        if (before.containsKey(id)) {
            sidecar.erase(ErasureOrder.withdraw(keyring, id, study.approval().agreement()));
        }
    }
}
