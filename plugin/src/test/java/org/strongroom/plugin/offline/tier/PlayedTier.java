package org.strongroom.plugin.offline.tier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealed;
import org.strongroom.plugin.seal.Sealer;

/** One tier in memory, filled as plugin and sidecar would fill it. */
public final class PlayedTier implements TierContents {
    public static final String NAME = "near";
    static final int HEAD = 1000;

    public final Map<String, byte[]> objects = new TreeMap<>();
    public final List<PackLine> packs = new ArrayList<>();
    /** What the ledger says of studies. */
    public final List<StudyStatus> studies = new ArrayList<>();
    /** Orthanc's, of what is shipped from now on: images. */
    public int contentType = 1;

    public final Home home;
    public final KeySource source;
    public final Keyring keyring;
    private final Map<String, Long> archived = new TreeMap<>();
    public boolean down;
    /** Names of tiers that do not answer; those of any other name do, and all have the same in them. */
    public final Set<String> away = new HashSet<>();
    /** After how many answers more a tier goes away. */
    final Map<String, Integer> answers = new HashMap<>();
    /** What a tier gives in place of an object, by its name behind the tier's and a slash. */
    final Map<String, byte[]> differing = new HashMap<>();
    /** Which tier each read was asked of. */
    public final List<String> asked = new ArrayList<>();
    /** What happens, once, after a head of the journal was listed and before it is read. */
    public Happening vanishing;

    public interface Happening {
        void happen() throws IOException;
    }

    private int names;

    public PlayedTier(Path folder) throws IOException {
        Path keyFile = folder.resolve("root.key");
        Files.write(keyFile, new byte[32]);
        home = new Home(folder.resolve("home"));
        home.createFolders();
        source = KeySource.of(new RootKeySettings(java.util.Optional.empty(), java.util.Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        journal(journal -> {});
        for (HomeCopy copy : HomeCopy.values()) {
            byte[] content = Files.readAllBytes(copy.in(home));
            objects.put(copy.objectName(content), content);
        }
    }

    public interface Entries {
        void append(Journal journal) throws IOException;
    }

    /** Journals something, with a signed head behind it. */
    public void journal(Entries entries) throws IOException {
        try (Journal journal = Journal.open(
                home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {})) {
            entries.append(journal);
        }
    }

    /** Copies the journal's head to the tier, and returns its name there. */
    public String copyHead() throws IOException {
        byte[] head = Files.readAllBytes(home.journal().resolve("head"));
        String name = "journal/head-" + ByteBuffer.wrap(head).getLong(4) + "-" + String.format("%016x", ++names);
        objects.put(name, head);
        return name;
    }

    /** Ships a study of this many instances, and returns its pack's object name. */
    public String ship(String study, int instances, String... receipts) throws IOException {
        StudyKey key = keyring.studyKey("P1".getBytes(StandardCharsets.UTF_8), study.getBytes(StandardCharsets.UTF_8));
        List<PackLayout.Piece> pieces = new ArrayList<>();
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        ByteArrayOutputStream heads = new ByteArrayOutputStream();
        for (int i = 0; i < instances; i++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            Sealed sealed = new Sealer(new SecureRandom())
                    .seal(request(key, i), key.key(), Channels.newChannel(file), EncodeEffort.IMAGE);
            int headLength = (int) sealed.header().headPieceSize();
            byte[] head = Arrays.copyOf(file.toByteArray(), headLength);
            byte[] body = Arrays.copyOfRange(file.toByteArray(), headLength, file.size());
            pieces.add(new PackLayout.Piece(sealed.header(), body.length, Sha256.of(body), Sha256.of(head)));
            bodies.writeBytes(body);
            heads.writeBytes(head);
        }
        PackLayout layout = PackLayout.of(UUID.randomUUID(), pieces);
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.writeBytes(layout.prologue().encode());
        pack.writeBytes(bodies.toByteArray());
        pack.writeBytes(heads.toByteArray());
        pack.writeBytes(layout.index().encode());
        pack.writeBytes(layout.footer().encode());
        UUID id = layout.prologue().pack();
        objects.put(PackPrologue.objectName(id), pack.toByteArray());
        packs.add(new PackLine(id, key.id(), instances, pack.size(), receipts.length > 0, List.of(receipts)));
        if (receipts.length > 0) {
            journal(journal -> journal.pack(id, layout.footer().digest()));
        }
        bundle();
        return PackPrologue.objectName(id);
    }

    private SealRequest request(StudyKey key, int number) {
        byte[] plain = new byte[100_000 + number];
        new Random(number).nextBytes(plain);
        return new SealRequest(
                keyring.installation(),
                UUID.randomUUID(),
                key.tenant(),
                key.id(),
                Tag16.NONE,
                number,
                contentType,
                ByteSource.of(plain),
                HEAD,
                null);
    }

    /** As the sidecar does: each segment of the keyring, with the tenants' keys before it. */
    private void bundle() throws IOException {
        List<KeyRecord> tenants = new ArrayList<>();
        try (Stream<Path> files = Files.list(home.keyring().resolve("tenants"))) {
            for (Path tenant : files.toList()) {
                tenants.add(KeyRecord.decode(Files.readAllBytes(tenant)));
            }
        }
        try (Stream<Path> segments = Files.list(home.keyring().resolve("records"))) {
            for (Path segment : segments.sorted().toList()) {
                List<KeyRecord> records = new ArrayList<>(tenants);
                records.addAll(KeySegment.decode(Files.readAllBytes(segment)).records());
                String number = segment.getFileName().toString().replace(".strk", "");
                String name = String.format("keys/%s-%d-%016x", number, records.size() - tenants.size(), ++names);
                objects.put(name, new KeyBundle(keyring.installation(), records).encode());
            }
        }
    }

    @Override
    public void packs(Consumer<PackLine> each) {
        packs.forEach(each);
    }

    @Override
    public void studies(Consumer<StudyStatus> each) {
        studies.forEach(each);
    }

    @Override
    public void objects(String tier, String prefix, Consumer<ObjectLine> each) {
        objects.forEach((name, bytes) -> {
            if (name.startsWith(prefix)) {
                each.accept(new ObjectLine(name, bytes.length));
            }
        });
    }

    @Override
    public ByteSource object(String tier, String name, long size) {
        Happening happening = vanishing;
        if (happening != null && name.startsWith("journal/head-")) {
            vanishing = null;
            try {
                happening.happen();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        byte[] content = differing.getOrDefault(tier + "/" + name, objects.get(name));
        if (content == null) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "the tier does not have this object");
        }
        return ByteSource.of(content.length, (position, target, offset, length) -> {
            requireAnswer(tier);
            requireReadable(name, position, length);
            System.arraycopy(content, (int) position, target, offset, length);
        });
    }

    private void requireAnswer(String tier) {
        asked.add(tier);
        Integer left = answers.computeIfPresent(tier, (name, answer) -> answer - 1);
        if (down || away.contains(tier) || (left != null && left < 0)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the tier does not answer");
        }
    }

    /** From now on nothing of a pack's bodies is given: it is in an archive class, and its heads are beside it. */
    public void archive(String pack) throws IOException {
        archived.put(
                pack, PackReader.open(ByteSource.of(objects.get(pack))).layout().headsOffset());
    }

    /** Throws if a range of an object is in an archive class. */
    public void requireReadable(String name, long offset, long length) {
        Long heads = archived.get(name);
        if (heads != null && offset < heads && offset + length > PackPrologue.SIZE) {
            throw StrongroomException.of(FailureKind.ARCHIVED, "the object is in an archive class");
        }
    }
}
