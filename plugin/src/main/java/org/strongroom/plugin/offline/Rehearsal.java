package org.strongroom.plugin.offline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.storage.Aliases;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.storage.StorageLimits;
import org.strongroom.plugin.storage.WarmUp;
import org.strongroom.plugin.supervise.SidecarLink;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.watch.OwnJobs;
import org.strongroom.plugin.watch.Watch;

/**
 * An image is stored, asked for, read and deleted as in Orthanc, in an installation that is nobody's: whoever writes down what Java does then
 * need not have it done by the first image of a clinic (decision 55).
 */
final class Rehearsal {
    private static final String INSTANCE = "01234567-89abcdef-01234567-89abcdef-01234567";

    private Rehearsal() {}

    /**
     * The sidecar of the installation runs.
     *
     * @param folder is instead of Orthanc's storage folder; Home is in it
     * @throws StrongroomException REFUSED if Home is elsewhere: it may be somebody's
     */
    static void of(Session session, Path folder, Clock clock) throws IOException {
        Place place = Place.of(session);
        Home home = place.home();
        if (!whole(home.root()).startsWith(whole(folder))) {
            throw StrongroomException.of(FailureKind.REFUSED, "this Home is not one to try things in")
                    .with("Strongroom.Home", home.root())
                    .cure("Run strongroom share-classes, which makes one of its own");
        }
        HomeLock lock = HomeLock.take(home);
        try (lock;
                Keyring keyring = Keyring.open(home, place.source(), Set.of(), clock);
                AuditTap audit = AuditTap.open(home, clock, RunningTime.system())) {
            WarmUp.run(folder);
            Holds holds = new Holds(keyring, clock);
            try (Journal journal = Journal.open(
                            home.journal(), keyring.home(), keyring::signJournalHead, clock, holds::replay);
                    Watch watch = watch(session, keyring, audit, clock);
                    SealedStorage storage = new SealedStorage(
                            home,
                            limits(),
                            folder,
                            keyring,
                            journal,
                            holds,
                            new Aliases(),
                            new SidecarLink(home),
                            audit,
                            Optional.empty(),
                            (attachment, key, bytes, token) -> watch.read(
                                    key,
                                    Optional.of(attachment.uuid()),
                                    bytes,
                                    ask(watch, HttpMethod.GET, "/instances/" + INSTANCE + "/file")))) {
                // Twice: what is different the second time is seen as well.
                for (int i = 0; i < 2; i++) {
                    ask(watch, HttpMethod.POST, "/instances");
                    WarmUp.through(storage);
                }
                ControlClient sidecar = new SidecarLink(home).get();
                sidecar.alive();
                sidecar.received(List.of(UUID.randomUUID()), false);
            }
        }
    }

    private static Path whole(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static Watch watch(Session session, Keyring keyring, AuditTap audit, Clock clock) throws IOException {
        return Watch.begin(
                session.configuration(),
                "{}",
                new OneStudy(),
                keyring,
                audit,
                Optional.empty(),
                Optional.empty(),
                new OwnJobs(RunningTime.system()),
                true,
                Place.of(session).home().openJobs(),
                clock);
    }

    private static StorageLimits limits() {
        return new StorageLimits(
                Optional.empty(), 1, Duration.ofSeconds(1), Watermark.parse("1 B"), Watermark.parse("85 %"));
    }

    /** Returns what tells Orthanc's reads for whom they are. */
    private static String ask(Watch watch, HttpMethod method, String uri) {
        return watch.filter()
                .decide(new HttpFilter.Question(method, uri, "127.0.0.1", List.of(), Map.of()))
                .token();
    }

    /** An index that has the drawn slice and nothing else. */
    private static final class OneStudy implements OrthancApi {
        private static final byte[] ANSWER =
                """
                {"ParentSeries": "s", "ParentStudy": "t", "Instances": [],
                 "PatientMainDicomTags": {"PatientID": "NOBODY"}, "MainDicomTags": {"StudyInstanceUID": "2.25.2"}}
                """
                        .getBytes(StandardCharsets.UTF_8);

        @Override
        public byte[] get(String uri) {
            return ANSWER.clone();
        }

        @Override
        public byte[] post(String uri, byte[] body) {
            return "[]".getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void put(String uri, byte[] body) {}

        @Override
        public void delete(String uri) {}
    }
}
