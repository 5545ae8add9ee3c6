package org.strongroom.core.home;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;

/**
 * What Home has under the root key and the tenants' keys of now: whatever else of its kind is in a tier, another root key may open (format.md §5.6),
 * or a former key of a tenant (§5.7). Opens nothing. Immutable.
 *
 * @param tenants their records
 * @param copies names in tiers of the copies that depend on the root key ({@link HomeCopy})
 * @param segments numbers of the keyring's segments
 */
public record CurrentRoot(Set<KeyRecord> tenants, Set<String> copies, Set<Integer> segments) {
    public CurrentRoot {
        tenants = Set.copyOf(tenants);
        copies = Set.copyOf(copies);
        segments = Set.copyOf(segments);
    }

    /** As the files are now. */
    public static CurrentRoot of(Home home) throws IOException {
        Set<KeyRecord> tenants = new HashSet<>();
        for (Path file : list(home.keyring().resolve("tenants"))) {
            tenants.addAll(KeySegment.decode(Files.readAllBytes(file)).records());
        }
        Set<Integer> segments = new TreeSet<>();
        for (Path file : list(home.keyring().resolve("records"))) {
            segments.add(Integer.parseInt(file.getFileName().toString().substring(0, 8)));
        }
        return new CurrentRoot(
                tenants,
                Set.of(
                        HomeCopy.ROOT.objectName(Files.readAllBytes(home.rootParameters())),
                        HomeCopy.JOURNAL_KEY.objectName(Files.readAllBytes(home.journalKey()))),
                segments);
    }

    /**
     * Whether a former key of a tenant opens something of this bundle, or is in it and not in Home: of what is not a tenant's record all is to be under the
     * newest.
     */
    public boolean isOfFormerTenantKey(KeyBundle bundle) {
        Map<UUID, Integer> newest = new HashMap<>();
        tenants.forEach(one -> newest.merge(one.label().tenant(), one.label().epoch(), Math::max));
        return bundle.records().stream()
                .filter(record -> record.label().epoch()
                        < newest.getOrDefault(record.label().tenant(), 0))
                .anyMatch(record -> record.label().kind() != KeyKind.TENANT
                        || tenants.stream().noneMatch(one -> one.label().equals(record.label())));
    }

    /** Whether a former key, root or tenant's, may open something of this bundle. */
    public boolean isFormers(KeyBundle bundle) {
        return isAnothers(bundle) || isOfFormerTenantKey(bundle);
    }

    /** Whether another root key may open this bundle: it has a tenant's record that is not, to the byte, one of Home's. */
    public boolean isAnothers(KeyBundle bundle) {
        return bundle.records().stream()
                .filter(record -> record.label().kind() == KeyKind.TENANT)
                .anyMatch(record -> !tenants.contains(record));
    }

    /** Whether an object of this name is a copy of what another root key needs or opens. */
    public boolean isAnothers(String copy) {
        return (HomeCopy.ROOT.names(copy) || HomeCopy.JOURNAL_KEY.names(copy)) && !copies.contains(copy);
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.strk")) {
            stream.forEach(files::add);
        } catch (NoSuchFileException e) {
            return files; // no key was ever made
        }
        return files;
    }
}
