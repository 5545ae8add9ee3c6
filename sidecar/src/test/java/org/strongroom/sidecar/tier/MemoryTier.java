package org.strongroom.sidecar.tier;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/** A tier that lives as long as its test. */
public final class MemoryTier implements Tier {
    private final String name;
    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final TreeMap<String, Open> open = new TreeMap<>();

    public MemoryTier(String name) {
        this.name = name;
    }

    /** What was sent of one upload. */
    private record Open(String object, long size, TreeMap<Integer, byte[]> parts) {}

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "memory";
    }

    @Override
    public synchronized Optional<ObjectInfo> head(String object) {
        return Optional.ofNullable(objects.get(ObjectName.check(object)))
                .map(content -> new ObjectInfo(object, content.length));
    }

    @Override
    public synchronized InputStream get(String object, long offset, long length) {
        byte[] content = objects.get(ObjectName.check(object));
        if (content == null) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "absent").with("object", object);
        }
        if (offset > content.length - length) {
            throw StrongroomException.of(FailureKind.CORRUPT, "too short").with("object", object);
        }
        return new ByteArrayInputStream(content, (int) offset, (int) length);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        ObjectName.checkPrefix(prefix);
        List<ObjectInfo> found;
        synchronized (this) {
            found = objects.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(prefix))
                    .map(entry -> new ObjectInfo(entry.getKey(), entry.getValue().length))
                    .toList();
        }
        found.forEach(each);
    }

    @Override
    public synchronized void put(String object, byte[] content) {
        if (objects.putIfAbsent(ObjectName.check(object), content.clone()) != null) {
            throw StrongroomException.of(FailureKind.REFUSED, "the name exists").with("object", object);
        }
    }

    @Override
    public synchronized String begin(String object, long size) {
        String id = UUID.randomUUID().toString();
        open.put(id, new Open(ObjectName.check(object), size, new TreeMap<>()));
        return id;
    }

    @Override
    public long minimumPartSize() {
        return 1;
    }

    @Override
    public synchronized PartReceipt part(
            String object, String upload, int number, long offset, ByteSource content, byte[] md5) {
        Open known = find(object, upload).orElseThrow(() -> unknown(upload));
        try (PartStream bytes = new PartStream(content, md5)) {
            known.parts().put(number, bytes.readAllBytes());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return receipt(number, known.parts().get(number));
    }

    @Override
    public synchronized Optional<List<PartReceipt>> parts(String object, String upload) {
        return find(object, upload).map(known -> known.parts().entrySet().stream()
                .map(entry -> receipt(entry.getKey(), entry.getValue()))
                .toList());
    }

    @Override
    public synchronized void complete(String object, String upload, List<PartReceipt> parts) {
        long size = parts.stream().mapToLong(PartReceipt::size).sum();
        Optional<Open> known = find(object, upload);
        if (known.isEmpty() && head(object).equals(Optional.of(new ObjectInfo(object, size)))) {
            return;
        }
        List<PartReceipt> held = parts(object, upload).orElseThrow(() -> unknown(upload));
        if (!held.containsAll(parts) || known.orElseThrow().size() != size) {
            throw unknown(upload);
        }
        byte[] whole = new byte[(int) size];
        int at = 0;
        for (PartReceipt part : parts) {
            byte[] content = known.orElseThrow().parts().get(part.number());
            System.arraycopy(content, 0, whole, at, content.length);
            at += content.length;
        }
        put(object, whole);
        open.remove(upload);
    }

    @Override
    public synchronized void abort(String object, String upload) {
        find(object, upload).ifPresent(known -> open.remove(upload));
    }

    @Override
    public synchronized List<Upload> uploads() {
        return open.entrySet().stream()
                .map(entry -> new Upload(entry.getValue().object(), entry.getKey()))
                .toList();
    }

    @Override
    public synchronized void delete(String object) {
        objects.remove(ObjectName.check(object));
    }

    @Override
    public boolean enforcesPartDigest() {
        return true;
    }

    @Override
    public void close() {
        // Memory needs no closing; a test may open it again.
    }

    private Optional<Open> find(String object, String upload) {
        return Optional.ofNullable(open.get(upload))
                .filter(known -> known.object().equals(object));
    }

    private static PartReceipt receipt(int number, byte[] content) {
        return new PartReceipt(number, content.length, java.util.HexFormat.of().formatHex(Md5.of(content)));
    }

    private static StrongroomException unknown(String upload) {
        return StrongroomException.of(FailureKind.NOT_FOUND, "unknown upload").with("upload", upload);
    }
}
