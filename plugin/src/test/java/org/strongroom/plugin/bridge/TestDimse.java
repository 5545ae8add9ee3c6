package org.strongroom.plugin.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Answers C-FIND and C-MOVE by what the patient's ID asks for. */
final class TestDimse implements FindAnswerer, MoveAnswerer {
    private static final String PATIENT_ID = "0010,0020";

    private final String ip;

    TestDimse(String orthancVersion) {
        ip = orthancVersion.startsWith("1.13.") ? "127.0.0.1" : "";
    }

    /** As many random instances as the patient's ID says, if the query came as the test has sent it. */
    @Override
    public Found find(Query query) {
        String asked = query.tags().getOrDefault(PATIENT_ID, "");
        requirePeer(query.peer());
        if (asked.equals("throw")) {
            throw new IllegalStateException("asked to throw");
        } else if (!query.tags().get("0010,0010").equals("M\u00fcller*")
                || !query.tags().containsKey("0020,000d")) {
            throw StrongroomException.of(FailureKind.REFUSED, "another query");
        }
        List<byte[]> answers = new ArrayList<>();
        for (int i = 1; i <= Integer.parseInt(asked); i++) {
            answers.add(DicomFile.random(i, 64, new Random(i)));
        }
        return new Found(answers, true);
    }

    @Override
    public List<String> plan(Move move) {
        requirePeer(move.peer());
        if (!move.target().equals("TARGET") || move.level().orElseThrow() != Level.STUDY) {
            throw StrongroomException.of(FailureKind.REFUSED, "another move");
        }
        return switch (move.ids().get(Id.STUDY)) {
            case "1.1" -> List.of("good", "bad", "good");
            case "1.4" -> List.of("good", "good", "good");
            case "1.2" -> List.of();
            default -> throw new IllegalStateException("asked to throw");
        };
    }

    @Override
    public void send(Move move, String step) {
        requirePeer(move.peer());
        if (step.equals("bad")) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "asked to fail");
        } else if (!step.equals("good") || !move.ids().get(Id.STUDY).startsWith("1.")) {
            throw new IllegalStateException("asked to throw");
        }
    }

    private void requirePeer(DicomPeer peer) {
        if (!peer.aet().equals("NORTH_WS")
                || !peer.calledAet().equals("SOUTH")
                || !peer.ip().equals(ip)) {
            throw StrongroomException.of(FailureKind.REFUSED, "another peer");
        }
    }
}
