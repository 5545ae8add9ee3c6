package org.strongroom.tests.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.tests.harness.ClearText;

/** Makes the keys of a Home again from a directory tier, by hand, as format.md §5.2, §5.4 and §7.1 say. */
final class LostHome {
    private final Path tier;
    private final Home made;

    private LostHome(Path tier, Path folder) {
        this.tier = tier;
        this.made = new Home(folder);
    }

    static Home of(Path tier, Path folder) {
        try {
            LostHome lost = new LostHome(tier, folder);
            for (HomeCopy copy : HomeCopy.values()) {
                lost.bringBack(copy);
            }
            lost.keys();
            return lost.made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bringBack(HomeCopy copy) throws IOException {
        Path found = ClearText.files(tier.resolve(HomeCopy.PREFIX)).stream()
                .filter(file -> copy.names(HomeCopy.PREFIX + file.getFileName()))
                .findAny()
                .orElseThrow(() -> new AssertionError("the tier has no copy of " + copy));
        Files.createDirectories(copy.in(made).getParent());
        Files.copy(found, copy.in(made));
    }

    /** Of each segment the bundle with the most records, which its name tells. */
    private void keys() throws IOException {
        Map<String, KeyBundle> newest = new TreeMap<>();
        for (Path file : ClearText.files(tier.resolve("keys"))) {
            String segment = file.getFileName().toString().substring(0, 8);
            newest.merge(
                    segment,
                    KeyBundle.decode(Files.readAllBytes(file)),
                    (one, other) -> one.records().size() > other.records().size() ? one : other);
        }
        Map<UUID, KeyRecord> tenants = new HashMap<>();
        for (Map.Entry<String, KeyBundle> segment : newest.entrySet()) {
            List<KeyRecord> records = new ArrayList<>();
            for (KeyRecord record : segment.getValue().records()) {
                if (record.label().kind() == KeyKind.TENANT) {
                    tenants.put(record.label().id(), record);
                } else {
                    records.add(record);
                }
            }
            write("records/" + segment.getKey() + ".strk", records);
        }
        for (KeyRecord tenant : tenants.values()) {
            write("tenants/" + tenant.label().id() + "-" + tenant.label().epoch() + ".strk", List.of(tenant));
        }
    }

    private void write(String name, List<KeyRecord> records) throws IOException {
        Path file = made.keyring().resolve(name);
        Files.createDirectories(file.getParent());
        try (var out = Files.newOutputStream(file)) {
            for (KeyRecord record : records) {
                out.write(record.encode());
            }
        }
    }
}
