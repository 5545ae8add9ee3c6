package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.DicomWriter;
import org.strongroom.core.dicom.Tag;
import org.strongroom.core.dicom.UID;
import org.strongroom.core.format.v1.HeadCodec;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.hold.Hold;
import org.strongroom.plugin.hold.HoldText;

class RetentionPlanTest {
    private static final Instant NOW = Instant.parse("2034-03-02T12:00:00Z");
    private static final UUID TENANT = UUID.randomUUID();
    private static final UUID KEY = UUID.randomUUID();
    private static final HoldText TEXT = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.STUDY, "1.2.3");

    private final RetentionPlan plan = new RetentionPlan(settings("[\"DE\"]"), NOW);
    private final Map<UUID, Instant> arrivals = new HashMap<>();

    private static Settings settings(String laws) {
        return Settings.parse("{\"Strongroom\": {\"Home\": \"/srv/strongroom\", \"RootKey\": {\"KeyFile\": \"/c\"},"
                + " \"Retention\": {\"Laws\": " + laws + "}}}");
    }

    private static SealedHeader header(UUID key, int series) {
        byte[] tag = new byte[16];
        tag[0] = (byte) series;
        return new SealedHeader(
                UUID.randomUUID(),
                UUID.randomUUID(),
                TENANT,
                key,
                new Tag16(tag),
                1,
                1,
                1_000,
                100,
                100,
                HeadCodec.STORE,
                null);
    }

    private void series(UUID key, int series, String patient, String study, String modality, String born)
            throws IOException {
        SealedHeader header = header(key, series);
        assertThat(plan.count(header, true)).isTrue();
        plan.head(header, head(study, modality, patient, born, "1.2." + series));
    }

    private static DicomHeader head(String study, String modality, String patient, String born, String uid)
            throws IOException {
        byte[] data = DicomWriter.of(UID.ExplicitVRLittleEndian)
                .text(Tag.StudyDate, "DA", study)
                .text(Tag.Modality, "CS", modality)
                .text(Tag.PatientID, "LO", patient)
                .text(Tag.PatientBirthDate, "DA", born)
                .text(Tag.StudyInstanceUID, "UI", uid)
                .toBytes();
        return DicomHeader.read(ByteSource.of(data)).orElseThrow();
    }

    private List<PlannedStudy> studies(Hold... holds) {
        return plan.studies(
                id -> id.equals(TENANT) ? Optional.of("clinic") : Optional.empty(), arrivals, List.of(holds));
    }

    private PlannedStudy only(Hold... holds) {
        assertThat(studies(holds)).hasSize(1);
        return studies(holds).get(0);
    }

    @Test
    void itSaysWhyAStudyStays() throws IOException {
        series(KEY, 1, "P1", "20240303", "CT", "19700501");
        PlannedStudy study = only();
        assertThat(study.fate()).isEqualTo(Fate.KEPT);
        assertThat(study.until()).isEqualTo("2034-03-03");
        assertThat(study.study()).isEqualTo("1.2.1");
        assertThat(study.tenant()).isEqualTo("clinic");
        assertThat(study.because().get(0))
                .isEqualTo(new PlannedStudy.Because(
                        "DE/radiation", "StrlSchG § 85 Abs. 2 Satz 1 Nr. 2 Buchst. a", "2017-06-27", "2034-03-03"));
        assertThat(study.doubts()).isEmpty();
    }

    @Test
    void aQueryFindsWhatItMeansAndWhatItMayMean() throws IOException {
        UUID mammogram = UUID.randomUUID();
        UUID unread = UUID.randomUUID();
        series(KEY, 1, "P1", "20240303", "CT", "19700501");
        series(mammogram, 2, "P2", "20240303", "SR", "19700501");
        series(mammogram, 3, "P2", "20240303", "MG", "19700501");
        plan.unread(unread, TENANT, 1);
        Function<UUID, Optional<String>> tenants = id -> Optional.of("clinic");
        Optional<String> modality = Optional.of("MG");
        StudyQuery mine = new StudyQuery(Optional.of("clinic"), modality, Optional.empty(), Optional.empty());
        assertThat(plan.matching(mine, tenants)).isEqualTo(new Matches(List.of(mammogram), List.of(unread)));
        StudyQuery typo = new StudyQuery(Optional.empty(), Optional.of("MGG"), Optional.empty(), Optional.empty());
        assertThat(plan.matching(typo, tenants)).isEqualTo(new Matches(List.of(), List.of(unread)));
        StudyQuery others = new StudyQuery(Optional.of("north"), modality, Optional.empty(), Optional.empty());
        assertThat(plan.matching(others, tenants).all()).isEmpty();
    }

    /** Rules are those of whose it is now; a hold on whom it was sealed for stays on it. */
    @Test
    void whatWasGivenToAnotherTenantIsThatOnes() throws IOException {
        UUID other = UUID.randomUUID();
        RetentionPlan given = new RetentionPlan(settings("[\"DE\"]"), NOW, (key, sealedFor) -> other);
        SealedHeader header = header(KEY, 1);
        given.count(header, true);
        given.head(header, head("20240303", "CT", "P1", "19700501", "1.2.1"));
        for (UUID held : List.of(other, TENANT)) {
            Hold hold =
                    new Hold(UUID.randomUUID(), NOW, new HoldText("x", "x", HoldText.Kind.TENANT, "x"), Set.of(held));
            PlannedStudy study = given.studies(
                            id -> Optional.of(id.equals(other) ? "other" : "clinic"), arrivals, List.of(hold))
                    .get(0);
            assertThat(study.tenant()).isEqualTo("other");
            assertThat(study.holds()).hasSize(1);
        }
    }

    /** At noon in Greenwich a day is just over on the last island. */
    @Test
    void itGoesWhenItsLastDayIsOverEverywhere() throws IOException {
        series(KEY, 1, "P1", "20240301", "CT", "19700501");
        assertThat(only().fate()).isEqualTo(Fate.DUE);
        assertThat(dueAt(NOW.minusMillis(1))).isEqualTo(Fate.KEPT);
    }

    private static Fate dueAt(Instant now) throws IOException {
        RetentionPlan earlier = new RetentionPlan(settings("[\"DE\"]"), now);
        SealedHeader header = header(KEY, 1);
        earlier.count(header, true);
        earlier.head(header, head("20240301", "CT", "P1", "19700501", "1.2.1"));
        return earlier.studies(id -> Optional.of("clinic"), Map.of(), List.of())
                .get(0)
                .fate();
    }

    @Test
    void aHoldKeepsItWhateverTheRulesSay() throws IOException {
        series(KEY, 1, "P1", "19990301", "CT", "19700501");
        Hold onKey = new Hold(UUID.randomUUID(), NOW, TEXT, Set.of(KEY));
        Hold onTenant = new Hold(UUID.randomUUID(), NOW, TEXT, Set.of(TENANT));
        Hold onOther = new Hold(UUID.randomUUID(), NOW, TEXT, Set.of(UUID.randomUUID()));
        assertThat(only(onOther).fate()).isEqualTo(Fate.DUE);
        assertThat(only(onKey, onOther).holds()).containsExactly(onKey.id());
        assertThat(only(onKey).fate()).isEqualTo(Fate.HELD);
        assertThat(only(onTenant).fate()).isEqualTo(Fate.HELD);
    }

    @Test
    void everySeriesCounts() throws IOException {
        series(KEY, 1, "P1", "20230301", "MR", "20200501");
        assertThat(only().until()).isEqualTo("2033-03-01");
        series(KEY, 2, "P1", "20230301", "CT", "20200501");
        assertThat(only().until()).isEqualTo("2048-05-01");
        assertThat(plan.count(header(KEY, 2), false)).as("one head of each").isFalse();
        assertThat(only().images()).isEqualTo(3);
        assertThat(only().living()).isEqualTo(2);
    }

    @Test
    void whatCannotBeReadStays() throws IOException {
        series(KEY, 1, "P1", "19990301", "CT", "19700501");
        plan.unread(KEY, TENANT, 1);
        assertThat(only().fate()).isEqualTo(Fate.UNREAD);
    }

    @Test
    void aLaterStudyOfThePatientIsAContact() throws IOException {
        series(KEY, 1, "P1", "20200301", "CT", "19700501");
        series(UUID.randomUUID(), 2, "P1", "20250401", "CT", "19700501");
        series(UUID.randomUUID(), 3, "P2", "20260401", "CT", "19700501");
        assertThat(studies()).extracting(PlannedStudy::until).containsExactly("2035-04-01", "2035-04-01", "2036-04-01");
        assertThat(studies()).allSatisfy(study -> assertThat(study.doubts()).isEmpty());
    }

    /** It may be any patient's of this tenant. */
    @Test
    void aLaterStudyOfNobodyKnownIsAContactOfEverybody() throws IOException {
        series(KEY, 1, "P1", "20200301", "CT", "19700501");
        series(UUID.randomUUID(), 2, "P2", "20280401", "CT", "19700501");
        series(UUID.randomUUID(), 3, "", "20270401", "CT", "19700501");
        assertThat(studies()).extracting(PlannedStudy::until).containsExactly("2037-04-01", "2038-04-01", "2037-04-01");
        assertThat(studies().get(0).doubts())
                .containsExactly("a later study tells no patient, or cannot be read: counted as a contact of this one");
        assertThat(studies().get(1).doubts()).isEmpty();
    }

    @Test
    void nothingIsDueByALastContactWhileAStudyThatCameLaterIsUnread() throws IOException {
        series(KEY, 1, "P1", "20200301", "MR", "19700501");
        assertThat(only().fate()).isEqualTo(Fate.DUE);
        UUID unread = UUID.randomUUID();
        plan.unread(unread, TENANT, 7);
        arrivals.put(unread, Instant.parse("2026-11-26T11:00:00Z"));
        assertThat(studies()).extracting(PlannedStudy::fate).containsExactly(Fate.KEPT, Fate.UNREAD);
        assertThat(studies().get(0).until()).isEqualTo("2036-11-27");
        assertThat(studies().get(1).images()).isEqualTo(7);
    }

    @Test
    void aPatientsStudyThatIsReadInPartMayHaveGoneOnUntilItsArrival() throws IOException {
        UUID half = UUID.randomUUID();
        series(KEY, 1, "P1", "20200301", "MR", "19700501");
        series(half, 2, "P1", "20210301", "MR", "19700501");
        arrivals.put(half, Instant.parse("2026-11-26T11:00:00Z"));
        assertThat(studies().get(0).fate()).isEqualTo(Fate.DUE);
        plan.unread(half, TENANT, 1);
        assertThat(studies().get(0).until()).isEqualTo("2036-11-27");
    }

    @Test
    void nothingIsDueByALastContactWhileNobodyKnowsWhoseAFileIs() throws IOException {
        series(KEY, 1, "P1", "20200301", "MR", "19700501");
        plan.unreadOfAnybody();
        assertThat(only().fate()).isEqualTo(Fate.KEPT);
        assertThat(only().until()).isEqualTo("2044-03-03");
    }

    @Test
    void aStudyThatAClockDatedIsAContactOnTheDayOfItsArrival() throws IOException {
        UUID clock = UUID.randomUUID();
        series(KEY, 1, "P1", "20200301", "MR", "19700501");
        series(clock, 2, "P1", "20000101", "MR", "19700501");
        arrivals.put(clock, Instant.parse("2026-11-26T11:00:00Z"));
        assertThat(studies()).extracting(PlannedStudy::until).containsExactly("2036-11-27", "2036-11-27");
    }

    @Test
    void aLaterStudyWithoutADateIsAContactOnTheDayOfItsArrival() throws IOException {
        UUID undated = UUID.randomUUID();
        series(KEY, 1, "P1", "20200301", "CT", "19700501");
        series(undated, 2, "P1", "", "CT", "19700501");
        arrivals.put(undated, Instant.parse("2026-11-26T11:00:00Z"));
        assertThat(studies()).extracting(PlannedStudy::until).first().isEqualTo("2036-11-27");
    }

    @Test
    void whatTellsNothingIsKeptFromItsArrivalAsAMinors() {
        plan.count(header(KEY, 1), true);
        arrivals.put(KEY, Instant.parse("2026-11-26T11:00:00Z"));
        PlannedStudy study = only();
        assertThat(study.until()).as("on Kiritimati it was tomorrow").isEqualTo("2056-11-27");
        assertThat(study.doubts()).hasSize(3);
    }

    @Test
    void withoutARuleItStays() throws IOException {
        RetentionPlan unruled = new RetentionPlan(settings("[]"), NOW);
        unruled.count(header(KEY, 1), true);
        PlannedStudy study = unruled.studies(id -> Optional.of("clinic"), Map.of(), List.of())
                .get(0);
        assertThat(study.fate()).isEqualTo(Fate.UNRULED);
        assertThat(study.until()).isEmpty();
    }
}
