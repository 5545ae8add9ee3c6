package org.strongroom.plugin.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Passes C-FIND and C-MOVE on to their answerers. What the bytes mean is said in dimse.c. */
final class DimseWork {
    private static final String TARGET = "target";

    private DimseWork() {}

    static Workers.Work finds(FindAnswerer answerer) {
        return request -> {
            HttpTexts texts = HttpTexts.of(request);
            FindAnswerer.Found found =
                    answerer.find(new FindAnswerer.Query(peer(texts.uri(), named(texts)), texts.headers()));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            answer.write(found.complete() ? 1 : 0);
            for (byte[] dataset : found.datasets()) {
                answer.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(dataset.length)
                        .array());
                answer.writeBytes(dataset);
            }
            succeed(request, answer.toByteArray());
        };
    }

    /** Plans and steps. */
    static Workers.Work moves(MoveAnswerer answerer) {
        return request -> {
            MoveAnswerer.Move move = move(request);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            if (request.kind() == Request.Kind.MOVE) {
                for (String step : answerer.plan(move)) {
                    answer.writeBytes(step.getBytes(StandardCharsets.UTF_8));
                    answer.write(0);
                }
            } else {
                byte[] step = request.content().read(0, Math.toIntExact(request.size()));
                answerer.send(move, new String(step, StandardCharsets.UTF_8));
            }
            succeed(request, answer.toByteArray());
        };
    }

    private static MoveAnswerer.Move move(Request request) throws IOException {
        HttpTexts texts = HttpTexts.of(request);
        Map<String, String> named = named(texts);
        Map<MoveAnswerer.Id, String> ids = new EnumMap<>(MoveAnswerer.Id.class);
        for (MoveAnswerer.Id id : MoveAnswerer.Id.values()) {
            Optional.ofNullable(named.get(id.name().toLowerCase(Locale.ROOT))).ifPresent(value -> ids.put(id, value));
        }
        MoveAnswerer.Level[] levels = MoveAnswerer.Level.values();
        return new MoveAnswerer.Move(
                peer(texts.uri(), named),
                named.get(TARGET),
                request.detail() < levels.length ? Optional.of(levels[request.detail()]) : Optional.empty(),
                ids,
                Math.toIntExact(request.start()));
    }

    private static DicomPeer peer(String aet, Map<String, String> named) {
        return new DicomPeer(aet, named.get(DicomPeer.CALLED), named.get(DicomPeer.IP));
    }

    private static Map<String, String> named(HttpTexts texts) {
        Map<String, String> named = new LinkedHashMap<>();
        texts.arguments().forEach(pair -> named.put(pair.getKey(), pair.getValue()));
        return named;
    }

    private static void succeed(Request request, byte[] answer) throws IOException {
        request.allocate(LoaderFunctions.CONTENT, answer.length);
        request.copyOut(LoaderFunctions.CONTENT, 0, answer, 0, answer.length);
        request.succeed();
    }
}
