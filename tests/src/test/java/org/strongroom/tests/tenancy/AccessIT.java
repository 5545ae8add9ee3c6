package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.strongroom.tests.tenancy.AnswerText.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Route;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/** Two clinics share a real Orthanc: whatever anybody of one asks, in every route, no answer holds anything of the other. */
class AccessIT {
    private static final List<Route> ROUTES =
            RouteTable.of(DicomWebRoots.DEFAULTS, List.of()).routes();

    private static final String SOUTHS = TwoClinicsPacs.SOUTH + ".1";
    /** What a body may name, by Orthanc's ids and by UIDs. */
    private static final List<String> LEVELS =
            List.of("patient", "study", "series", "instance", "study-uid", "series-uid", "instance-uid");

    private static final Pattern WAITING = Pattern.compile("([0-9]+) stud(?:y waits|ies wait) in quarantine");

    @ParameterizedTest
    @EnumSource(Debian.class)
    void nothingOfTheOtherClinicIsInAnyAnswer(Debian debian) {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian)) {
            OrthancProcess orthanc = pacs.start();
            Rest rest = orthanc.rest();
            Named norths = Named.of(pacs, rest, "north-rad", TwoClinicsPacs.NORTH + ".1");
            Named souths = Named.of(pacs, rest, "south-rad", TwoClinicsPacs.SOUTH + ".1");
            Named sharedNorths = Named.of(pacs, rest, "north-rad", TwoClinicsPacs.NORTH + ".0");
            Named sharedSouths = Named.of(pacs, rest, "south-rad", TwoClinicsPacs.SOUTH + ".0");
            assertThat(sharedSouths.ids().get("patient"))
                    .isEqualTo(sharedNorths.ids().get("patient"));
            eachSeesTheirs(pacs, rest, norths, souths);
            eachFindsTheirs(pacs, rest, norths);
            theStudyListOfOrthancExplorer2IsOfWhatIsTheirs(pacs, rest, debian, sharedSouths, souths);
            ByViewer viewer = new ByViewer(pacs, rest, debian);
            viewer.anArchiveOfSeveralStudiesIsOfWhoseTheyAllAre(norths, sharedNorths, souths);
            viewer.whoAsksForAPatientOfBothIsSentToTheirOwn(sharedNorths);
            viewer.whatABodyNamesIsDescribedToWhoseItIs(norths, sharedNorths, souths);
            viewer.whatViewersAskForIsAnswered("north-rad", "ONE^NORTHERN", norths);
            viewer.whatViewersAskForIsAnswered("north-rad", "SHARED^NORTHERN", sharedNorths);
            viewer.whatViewersAskForIsAnswered("south-rad", "SHARED^SOUTHERN", sharedSouths);
            ByExplorer explorer = new ByExplorer(pacs, rest, debian);
            explorer.everyPageIsShown("north-rad", "ONE^NORTHERN", norths);
            explorer.everyPageIsShown("north-rad", "SHARED^NORTHERN", sharedNorths);
            explorer.everyPageIsShown("south-rad", "SHARED^SOUTHERN", sharedSouths);
            explorer.searchesShowWhatIsAskedFor("south-rad", "SHARED^SOUTHERN", sharedSouths);
            explorer.searchesShowWhatIsAskedFor("north-rad", "ONE^NORTHERN", norths);
            explorer.whatOrthancDoesNotTakeIsRefusedForGood("north-rad");
            aBrowserIsSentToTheLoginPage(rest, debian);

            List<Named> hiddenFromNorth = List.of(souths, sharedSouths.without("patient"));
            List<Named> hiddenFromSouth = List.of(norths, sharedNorths.without("patient"));
            List<String> leaks = new ArrayList<>();
            for (String user : TwoClinicsPacs.USERS) {
                leaks.addAll(new Asking(pacs, rest, user, "north", hiddenFromNorth, sharedNorths).leaks());
            }
            // Whose study of the patient came second: what Orthanc keeps of the patient is the other's.
            leaks.addAll(new Asking(pacs, rest, "south-rad", "south", hiddenFromSouth, sharedSouths).leaks());
            assertThat(leaks).isEmpty();
            ByUri uri = new ByUri(pacs, rest);
            uri.nothingOfSouthsComesBackToNorth(souths.ids());
            uri.whoGuessesAPasswordHasAnAddress();
            assertThat(pacs.takesFromSouthAsNorth(orthanc)).isFalse();
            assertThat(pacs.cli("status").output()).contains("2 studies wait in quarantine");
            new ByDicom(pacs, orthanc).eachStationHasWhatIsTheirs(debian == Debian.TRIXIE);
            onlyTheAdministratorGivesTheOwnerWhatSouthHasSent(pacs, rest);
            whatOrthancReadsAsNorthsAndStrongroomDoesNotIsTakenOut(pacs, rest);

            new ByOrder(pacs, orthanc)
                    .isDoneWithWhatIsTheirs(
                            norths.fill("{study}"), sharedNorths.fill("{study}"), souths.fill("{study}"));

            String patient = sharedNorths.fill("/patients/{patient}");
            assertThat(pacs.send(rest, "north-tech", "DELETE", patient).statusCode())
                    .isEqualTo(403);
            assertThat(pacs.send(rest, "north-tech", "DELETE", sharedNorths.fill("/studies/{study}"))
                            .statusCode())
                    .isEqualTo(200);
            // What Orthanc keeps of the patient is still what north has sent.
            assertThat(pacs.json(rest, "south-rad", sharedSouths.fill("/patients/{patient}"))
                            .toString())
                    .contains("SHARED^SOUTHERN");
            assertThat(new Asking(pacs, rest, "south-rad", "south", hiddenFromSouth, sharedSouths).leaks())
                    .isEmpty();
            whatANewModalityHasSentIsGivenToItsClinic(pacs, rest, norths, souths);
            ofASharedModalityTheAddressOrTheImageTells(pacs, orthanc);
            aPatientIsOpenedInAnEmergencyInOnesOwnClinicOnly(pacs, rest, norths, souths);
            viewer.whatIsStoredByDicomWebIsItsUsers();
            explorer.anImageIsMadeInOnesOwnStudyOnly(norths, souths);
        }
    }

    /** On one Orthanc: which ways each has is the other test's, and what is decided is the same. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void aRestrictedPatientIsKeptAndShownToNobodyUntilThatIsLifted(Debian debian) {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian)) {
            OrthancProcess orthanc = pacs.start();
            Named kept = Named.of(pacs, orthanc.rest(), "north-rad", TwoClinicsPacs.NORTH + ".1");
            Named shared = Named.of(pacs, orthanc.rest(), "north-rad", TwoClinicsPacs.NORTH + ".0");
            ByRestriction patient = new ByRestriction(pacs, orthanc, kept.ids());
            patient.isShown(true);
            patient.restrict();
            patient.isShown(false);
            assertThat(new Asking(pacs, orthanc.rest(), "north-tech", "north", List.of(kept), shared).leaks())
                    .isEmpty();
            patient.isChangedByNobody();
            patient.isSeenByWhoIsExcepted();
            patient.whatComesIsTakenAndNotShown();
            patient.isShown(false);
            patient.lift();
            patient.everythingIsBack();
        }
    }

    private static void aPatientIsOpenedInAnEmergencyInOnesOwnClinicOnly(
            TwoClinicsPacs pacs, Rest rest, Named norths, Named souths) {
        InTheBrowser er = pacs.logIn(rest, "north-er");
        String study = norths.fill("/studies/{study}");
        assertThat(er.get(study).statusCode()).isEqualTo(403);
        assertThat(Rest.parse(er.get("/studies").body())).isEmpty();
        assertThat(er.act("/strongroom/emergency", "open", "patient", "ONE-NORTH", "reason", "x")
                        .statusCode())
                .as("no reason")
                .isEqualTo(200);
        assertThat(er.get(study).statusCode()).isEqualTo(403);
        for (String patient : List.of("ONE-NORTH", "ONE-SOUTH", "NOBODY")) {
            assertThat(er.act("/strongroom/emergency", "open", "patient", patient, "reason", "unconscious, in the ER")
                            .statusCode())
                    .as("the answer does not tell whether there is such a patient")
                    .isEqualTo(303);
        }
        assertThat(er.get(study).statusCode()).isEqualTo(200);
        assertThat(er.get(norths.fill("/instances/{instance}/file")).statusCode())
                .isEqualTo(200);
        assertThat(Rest.parse(er.get("/studies").body())).hasSize(1);
        assertThat(er.send("DELETE", study, null).statusCode()).isEqualTo(403);
        assertThat(er.get(souths.fill("/studies/{study}")).statusCode()).isEqualTo(403);
        assertThat(pacs.send(rest, "north-er", "GET", study).statusCode())
                .as("not by a password in every request")
                .isEqualTo(403);
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(pacs.cli("audit", "search", "--user", "north-er")
                                .orFail()
                                .output())
                        .contains("break-glass-start", "break-glass-use", "alert")
                        .satisfies(text -> assertThat(text.lines().filter(line -> line.contains(" login ")))
                                .isNotEmpty()
                                .allMatch(line -> line.contains(", tenant north")))
                        .doesNotContain("ONE-NORTH"));
        assertThat(pacs.cli("breakglass", "list").orFail().output()).contains("north-er (north) opened ONE-NORTH");
        assertThat(pacs.cli("status").output()).contains("somebody has opened a patient in an emergency");
    }

    /** While Orthanc runs. */
    private static void ofASharedModalityTheAddressOrTheImageTells(TwoClinicsPacs pacs, OrthancProcess orthanc) {
        String byTag = TwoClinicsPacs.SOUTH + ".8";
        String byAddress = TwoClinicsPacs.SOUTH + ".9";
        String ofNobody = TwoClinicsPacs.UNKNOWN + ".8";
        pacs.sendFromShared(orthanc, sent(byTag, "South Hospital"));
        pacs.sendFromShared(orthanc, sent(ofNobody, "Mid Hospital"));
        pacs.sendFromFar(orthanc, sent(byAddress, "Mid Hospital"));
        Rest rest = orthanc.rest();
        for (String user : List.of("south-rad", "north-rad")) {
            boolean souths = user.equals("south-rad");
            assertThat(pacs.find(rest, user, "Study", byTag)).hasSize(souths ? 1 : 0);
            assertThat(pacs.find(rest, user, "Study", byAddress)).hasSize(souths ? 1 : 0);
            assertThat(pacs.find(rest, user, "Study", ofNobody)).isEmpty();
        }
    }

    private static byte[] sent(String study, String institution) {
        return SyntheticDicom.ct()
                .patient("MANY-SOUTH")
                .patientName("MANY^SOUTHERN")
                .study(study)
                .series(study + ".1")
                .institution(institution.getBytes(StandardCharsets.US_ASCII))
                .toBytes();
    }

    private static void whatANewModalityHasSentIsGivenToItsClinic(
            TwoClinicsPacs pacs, Rest rest, Named norths, Named souths) {
        String unknown = TwoClinicsPacs.UNKNOWN + ".1";
        assertThat(pacs.cli("tenant", "list").orFail().output()).contains("NOBODYS_CT 1");
        int waiting = waiting(pacs);
        List<Object> assign = new ArrayList<>(List.of("tenant", "assign", "--by", "Dr. Roe", "--reason", "a new CT"));
        assign.addAll(List.of("--source", "NOBODYS_CT", "--to", "south"));
        List<Object> dry = new ArrayList<>(assign);
        dry.add("--dry-run");
        assertThat(pacs.cli(dry.toArray()).orFail().output()).contains("Would go from quarantine to south: " + unknown);
        assertThat(pacs.find(rest, "south-rad", "Study", unknown)).isEmpty();
        pacs.cli(assign.toArray()).orFail();
        Named given = Named.of(pacs, rest, "south-rad", unknown);
        assertThat(pacs.send(rest, "south-rad", "GET", given.fill("/instances/{instance}/file"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(pacs.json(rest, "south-rad", "/dicom-web/studies").toString())
                .contains(unknown);
        assertThat(new Asking(pacs, rest, "north-tech", "north", List.of(given), norths).leaks())
                .isEmpty();
        assertThat(waiting(pacs)).isEqualTo(waiting - 1);
        aTenantLeavesWithWhatIsItsNow(pacs, given);
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(pacs.cli("audit", "search", "--type", "assignment")
                                .orFail()
                                .output())
                        .contains("quarantine"));
        whatOrthancHasDeletedIsInTheLogOfWhoseItWas(pacs);

        assertThat(pacs.cli("tenant", "assign", "--by", "x", "--reason", "x", "--study", SOUTHS, "--to", "north")
                        .status())
                .as("what is another tenant's needs --from")
                .isEqualTo(1);
        assertThat(pacs.send(rest, "north-rad", "GET", souths.fill("/studies/{study}"))
                        .statusCode())
                .isEqualTo(403);
    }

    /** A user of the clinic's had it do so; the images it names have no tenant by themselves. */
    private static void whatOrthancHasDeletedIsInTheLogOfWhoseItWas(TwoClinicsPacs pacs) {
        String[] search = {"audit", "search", "--json", "--type", "delete", "--tenant", "north", "--user"};
        assertThat(pacs.cli(with(search, "orthanc")).orFail().output()).contains("\"attachment\"", "\"key\"");
        assertThat(pacs.cli(with(search, "north-tech")).orFail().output()).contains("\"address\":\"127.0.0.1\"");
    }

    private static Object[] with(String[] words, String last) {
        List<Object> all = new ArrayList<>(List.of((Object[]) words));
        all.add(last);
        return all.toArray();
    }

    /** What was given to it comes along, and nothing of a person whom another clinic knows by the same number. */
    private static void aTenantLeavesWithWhatIsItsNow(TwoClinicsPacs pacs, Named given) {
        Object[] both = {"export", "--patient", "SHARED", "--to", pacs.folder("both"), "--no-dicomdir"};
        assertThat(pacs.cli(both).errors()).contains("more than one tenant", "north", "south");
        Path one = pacs.folder("one");
        pacs.cli("export", "--patient", "SHARED", "--tenant", "south", "--to", one, "--no-dicomdir")
                .orFail();
        assertThat(one.resolve("manifest.jsonl"))
                .content()
                .contains(TwoClinicsPacs.SOUTH + ".0", "\"tenant\":\"south\"")
                .doesNotContain(TwoClinicsPacs.NORTH, "\"tenant\":\"north\"");
        Path all = pacs.folder("souths");
        pacs.cli("export", "--tenant", "south", "--to", all, "--no-dicomdir").orFail();
        assertThat(all.resolve("manifest.jsonl"))
                .content()
                .contains(SOUTHS, TwoClinicsPacs.SOUTH + ".0", given.ids().get("study-uid"))
                .doesNotContain(TwoClinicsPacs.NORTH, "\"tenant\":\"north\"");
    }

    private static int waiting(TwoClinicsPacs pacs) {
        Matcher found = WAITING.matcher(pacs.cli("status").output());
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    private static void onlyTheAdministratorGivesTheOwnerWhatSouthHasSent(TwoClinicsPacs pacs, Rest rest) {
        JsonNode removed = Rest.parse(pacs.cli("undelete", "--all", "--dry-run", "--json")
                .orFail()
                .output()
                .getBytes(StandardCharsets.UTF_8));
        assertThat(removed.path("attachments")).hasSize(1);
        String sent = removed.path("attachments").path(0).asText();
        String study =
                Named.of(pacs, rest, "north-rad", TwoClinicsPacs.NORTH + ".2").fill("/studies/{study}");
        assertThat(pacs.cli("undelete", "--all").output()).contains("another tenant");
        assertThat(pacs.json(rest, "north-rad", study).path("Series")).hasSize(1);
        pacs.cli("undelete", "--attachment", sent, "--to-owner").orFail();
        assertThat(pacs.json(rest, "north-rad", study).path("Series")).hasSize(2);
    }

    private static void whatOrthancReadsAsNorthsAndStrongroomDoesNotIsTakenOut(TwoClinicsPacs pacs, Rest rest) {
        String own = TwoClinicsPacs.NORTH + ".2";
        String study = Named.of(pacs, rest, "north-rad", own).fill("/studies/{study}");
        JsonNode before = pacs.json(rest, "north-rad", study);
        String padding = " ".repeat(1100);
        List<byte[]> crafted = List.of(
                TwoClinicsPacs.image("TWO-NORTH", "NUL^SOUTHERN", own + "\0X", own + ".81"),
                TwoClinicsPacs.image("TWO-NORTH" + padding, "LONG^SOUTHERN", own, own + ".82"),
                TwoClinicsPacs.image("TWO-NORTH", "LONG^SOUTHERN", own + padding, own + ".83"));
        for (byte[] image : crafted) {
            JsonNode stored = pacs.upload(rest, "south-rad", image);
            assertThat(study).endsWith("/" + stored.path("ParentStudy").asText());
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                            pacs.send(rest, "north-rad", "GET", study))
                    .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200))
                    .satisfies(answer ->
                            assertThat(Rest.parse(answer.body()).path("Series")).isEqualTo(before.path("Series"))));
        }
        assertThat(pacs.cli("hold", "list").orFail().output()).contains("read in two ways");
    }

    private static void eachSeesTheirs(TwoClinicsPacs pacs, Rest rest, Named norths, Named souths) {
        // Not that of the unknown sender; and what south has sent into one of north's is taken out.
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(pacs.json(rest, "north-rad", "/studies"))
                .hasSize(3));
        assertThat(pacs.json(rest, "south-rad", "/studies")).hasSize(2);
        assertThat(pacs.json(rest, "north-billing", "/studies")).hasSize(3);
        Named entered = Named.of(pacs, rest, "north-rad", TwoClinicsPacs.NORTH + ".2");
        assertThat(pacs.json(rest, "north-rad", entered.fill("/studies/{study}"))
                        .path("Series"))
                .hasSize(1);
        assertThat(pacs.send(rest, "north-rad", "GET", entered.fill("/studies/{study}/archive"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(pacs.json(rest, "north-referrer", "/studies")).isEmpty();
        for (String ask : List.of("/studies/{study}", "/instances/{instance}/file", "/studies/{study}/archive")) {
            assertThat(pacs.send(rest, "north-rad", "GET", norths.fill(ask)).statusCode())
                    .as(ask)
                    .isEqualTo(200);
            assertThat(pacs.send(rest, "south-rad", "GET", souths.fill(ask)).statusCode())
                    .as(ask)
                    .isEqualTo(200);
            assertThat(pacs.send(rest, "south-rad", "GET", norths.fill(ask)).statusCode())
                    .as(ask)
                    .isEqualTo(403);
            assertThat(pacs.send(rest, "auditor", "GET", norths.fill(ask)).statusCode())
                    .as(ask)
                    .isEqualTo(403);
            assertThat(pacs.send(rest, "", "GET", norths.fill(ask)).statusCode())
                    .as(ask)
                    .isIn(401, 403);
        }
        assertThat(pacs.send(rest, "north-billing", "GET", norths.fill("/instances/{instance}/preview"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(pacs.send(rest, "", "GET", "/strongroom/login").statusCode()).isEqualTo(200);
    }

    /** With the members that it sends: Orthanc 1.10.1 knows neither more tags nor an order. */
    private static void theStudyListOfOrthancExplorer2IsOfWhatIsTheirs(
            TwoClinicsPacs pacs, Rest rest, Debian debian, Named sharedSouths, Named souths) {
        JsonNode list = pacs.search(
                rest,
                "south-rad",
                """
                {"Level": "Study", "Query": {"PatientID": "*"}, "Expand": true, "Limit": 50, "Since": 0,
                 "RequestedTags": ["ModalitiesInStudy", "NumberOfStudyRelatedInstances", "PatientName"],
                 "Labels": [], "LabelsConstraint": "All",
                 "OrderBy": [{"Type": "DicomTag", "Key": "PatientName", "Direction": "DESC"},
                             {"Type": "Metadata", "Key": "LastUpdate", "Direction": "ASC"}]}""");
        assertThat(list).hasSize(2);
        assertThat(list.toString()).doesNotContain("NORTHERN");
        for (String level : List.of("Patient", "Study", "Series", "Instance")) {
            String guess = "{\"Level\": \"" + level + "\", \"Query\": {\"PatientName\": \"SHARED^N*\"}}";
            assertThat(pacs.search(rest, "south-rad", guess)).as(level).isEmpty();
        }
        assertThat(list.findValuesAsText("ID"))
                .containsExactlyInAnyOrder(
                        souths.ids().get("study"), sharedSouths.ids().get("study"));
        if (debian != Debian.BOOKWORM) {
            JsonNode last = list.get(1);
            assertThat(last.path("ID").asText()).isEqualTo(sharedSouths.ids().get("study"));
            assertThat(last.path("RequestedTags").path("PatientName").asText()).isEqualTo("SHARED^SOUTHERN");
            assertThat(last.path("RequestedTags").path("ModalitiesInStudy").asText())
                    .isEqualTo("CT");
            assertThat(last.path("RequestedTags")
                            .path("NumberOfStudyRelatedInstances")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    /** From 1.12.9 on. */
    private static void aBrowserIsSentToTheLoginPage(Rest rest, Debian debian) {
        boolean sends = debian == Debian.SID;
        String[] browser = {"Accept", "text/html,*/*;q=0.8"};
        HttpResponse<byte[]> page = rest.send("GET", "/app/explorer.html?x=1&y=2", null, browser);
        assertThat(page.statusCode()).isEqualTo(sends ? 307 : 403);
        if (sends) {
            String link = page.headers().firstValue("Location").orElseThrow();
            assertThat(link).startsWith("./../strongroom/login?to=");
            String to = link.replaceFirst(".*to=", "");
            assertThat(new String(Base64.getUrlDecoder().decode(to), StandardCharsets.UTF_8))
                    .isEqualTo("/app/explorer.html?x=1&y=2");
            HttpResponse<byte[]> login = rest.send("GET", link.replaceFirst("\\./\\.\\.", ""), null, browser);
            assertThat(login.statusCode()).isEqualTo(200);
            assertThat(new String(login.body(), StandardCharsets.UTF_8)).contains(to);
        }
        assertThat(rest.send("GET", "/studies", null).statusCode()).isEqualTo(sends ? 401 : 403);
        assertThat(rest.send("GET", "/studies", null, "Authorization", "Bearer of-another-plugin")
                        .statusCode())
                .isEqualTo(sends ? 401 : 403);
    }

    private static void eachFindsTheirs(TwoClinicsPacs pacs, Rest rest, Named norths) {
        JsonNode page = pacs.json(rest, "north-rad", "/dicom-web/studies?limit=2&offset=1&includefield=00081030");
        assertThat(page).hasSize(2);
        assertThat(page.toString())
                .contains("/dicom-web/studies/" + TwoClinicsPacs.NORTH)
                .doesNotContain(TwoClinicsPacs.SOUTH);
        JsonNode south = pacs.json(rest, "south-rad", "/dicom-web/studies?PatientID=SHARED");
        assertThat(south).hasSize(1);
        assertThat(south.toString()).contains("SHARED^SOUTHERN", TwoClinicsPacs.SOUTH + ".0");
        JsonNode named = pacs.json(rest, "south-rad", "/dicom-web/studies?PatientName=*SOUTH*");
        assertThat(named).as("one's own patient, and the one that is both's").hasSize(2);
        assertThat(named.toString()).doesNotContain("NORTHERN");
        assertThat(pacs.json(rest, "north-billing", "/dicom-web/series?Modality=CT&limit=100"))
                .hasSize(3);
        JsonNode image = pacs.json(
                rest, "north-rad", norths.fill("/dicom-web/studies/{study-uid}/series/{series-uid}/instances"));
        assertThat(image).hasSize(1);
        assertThat(image.get(0).path("00080018").path("Value").path(0).asText())
                .isEqualTo(norths.ids().get("instance-uid"));
        assertThat(image.get(0).path("00280010").path("Value").path(0).asInt()).isPositive();
        assertThat(pacs.send(rest, "north-rad", "GET", "/dicom-web/instances?PatientWeight=1")
                        .statusCode())
                .isEqualTo(403);

        assertThat(pacs.json(rest, "south-rad", "/series")).hasSize(2);
        JsonNode whole = pacs.json(rest, "north-rad", "/changes?limit=1000");
        assertThat(whole.path("Done").asBoolean()).isTrue();
        assertThat(whole.toString()).contains(norths.ids().get("study"));
        // Something may have become stable meanwhile.
        long last = whole.path("Last").asLong();
        for (JsonNode change :
                pacs.json(rest, "north-rad", "/changes?since=" + last).path("Changes")) {
            assertThat(change.path("Seq").asLong()).isGreaterThan(last);
        }
    }

    /** Somebody who asks for everything: for what is another tenant's alone, and for what is theirs of a patient of both. */
    private record Asking(
            TwoClinicsPacs pacs, Rest rest, String user, String tenant, List<Named> others, Named shared) {
        /** Requests whose answer holds something of the other tenant, or tells what is there from what is not. */
        List<String> leaks() {
            return ROUTES.parallelStream()
                    .flatMap(route ->
                            new TreeSet<>(route.methods()).stream().flatMap(method -> leaks(route, method).stream()))
                    .toList();
        }

        private List<String> leaks(Route route, HttpMethod method) {
            List<String> leaks = new ArrayList<>();
            if (route.level().isEmpty()) {
                if (!mayConfigure(route, method)) {
                    ask(method, Named.NOWHERE.fill(route.path()), leaks);
                }
                if (method == HttpMethod.POST && route.path().startsWith("/tools/") && namesInItsBody(route)) {
                    LEVELS.forEach(level -> askInBody(route.path(), level, leaks));
                }
                return leaks;
            }
            int nothing = ask(method, Named.NOWHERE.fill(route.path()), leaks);
            for (Named other : others) {
                String uri = other.fill(route.path());
                int status = ask(method, uri, leaks);
                if (status != nothing) {
                    leaks.add(user + " " + method + " " + route.path() + ": " + status + ", not " + nothing);
                }
            }
            if (method == HttpMethod.GET) {
                ask(method, shared.fill(route.path()), leaks);
            }
            return leaks;
        }

        /** What changes the server, or ends it, for who may; it shows nothing. */
        private boolean mayConfigure(Route route, HttpMethod method) {
            return user.equals("admin")
                    && method != HttpMethod.GET
                    && route.need().toString().contains(":configure");
        }

        private static boolean namesInItsBody(Route route) {
            return route.treatments().contains(Treatment.BODY)
                    || route.treatments().contains(Treatment.FILTERED);
        }

        /** Alone, and together with something of nobody's. */
        private void askInBody(String path, String level, List<String> leaks) {
            String bare = path.equals("/tools/lookup") ? "%s" : "{\"Resources\": [\"%s\"], \"Level\": \"Study\"}";
            String id = Named.NOWHERE.fill("{" + level + "}");
            HttpResponse<byte[]> nothing = pacs.send(rest, user, "POST", path, bare.formatted(id));
            for (Named other : others) {
                String body = bare.formatted(other.fill("{" + level + "}"));
                HttpResponse<byte[]> answer = pacs.send(rest, user, "POST", path, body);
                look("POST " + path + " " + body, answer, leaks);
                if (answer.statusCode() != nothing.statusCode() || !Arrays.equals(answer.body(), nothing.body())) {
                    leaks.add(user + " POST " + path + " with a " + level + " of another's: not as of nobody's");
                }
            }
        }

        private int ask(HttpMethod method, String uri, List<String> leaks) {
            HttpResponse<byte[]> answer = pacs.send(rest, user, method.name(), uri);
            look(method + " " + uri, answer, leaks);
            return answer.statusCode();
        }

        private void look(String asked, HttpResponse<byte[]> answer, List<String> leaks) {
            String text = text(answer);
            Stream<String> ids = others.stream().flatMap(other -> other.ids().values().stream());
            Stream.concat(ids, pacs.othersThan(tenant).stream())
                    .filter(secret -> !asked.contains(secret) && text.contains(secret))
                    .forEach(secret -> leaks.add(user + " " + asked + " shows " + secret));
        }
    }
}
