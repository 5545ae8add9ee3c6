package org.strongroom.plugin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;

class SettingsDifferenceTest {
    private static String modalities(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "\"m%03d\": [\"M%d\", \"10.0.0.1\", 104]".formatted(i, i))
                .collect(Collectors.joining(", ", "{\"Orthanc\": {\"Get\": false, \"DicomModalities\": {", "}}}"));
    }

    /** One among many must not be the one that is only counted. */
    @Test
    void everyChangeIsToldHoweverManyThereAre() {
        List<AuditEvent> events = SettingsDifference.events(modalities(0, 1), modalities(1, 60));
        assertThat(events).hasSize(3);
        List<String> told = events.stream()
                .flatMap(event -> event.details().entrySet().stream())
                .filter(detail -> detail.getKey().matches("change[0-9]+"))
                .map(detail -> detail.getValue())
                .toList();
        assertThat(told)
                .hasSize(60)
                .contains(
                        "Orthanc.DicomModalities.m000: [\"M0\",\"10.0.0.1\",104] -> none",
                        "Orthanc.DicomModalities.m059: none -> [\"M59\",\"10.0.0.1\",104]");
        assertThat(events).allSatisfy(event -> assertThat(event.details()).containsEntry("changes", "60"));
        assertThat(events.get(2).details()).containsEntry("part", "3");
    }

    /** Somebody in the midst of a long list is seen. */
    @Test
    void ofALongValueWhatDiffersIsTold() {
        String many = "\"A\", ".repeat(500);
        List<AuditEvent> events = SettingsDifference.events(
                "{\"Orthanc\": {\"Titles\": [" + many + many + "\"Z\"]}}",
                "{\"Orthanc\": {\"Titles\": [" + many + "\"MALLORY\", " + many + "\"Z\"]}}");
        assertThat(events).singleElement().satisfies(event -> assertThat(
                        event.details().get("change1"))
                .contains("MALLORY")
                .hasSizeLessThan(400));
    }

    /** What comes in at the end of a long list must not hide behind what changes at its beginning. */
    @Test
    void ofALongListEachElementThatCameOrWentIsTold() {
        String paths = IntStream.range(0, 20)
                .mapToObj(i -> "\"/usr/lib/plugin-%02d.so\"".formatted(i))
                .collect(Collectors.joining(", "));
        String before = "{\"Orthanc\": {\"Plugins\": [" + paths + "]}}";
        String now = "{\"Orthanc\": {\"Plugins\": [" + paths.replace("plugin-00", "other") + ", \"/tmp/evil.so\"]}}";
        assertThat(SettingsDifference.events(before, now)).singleElement().satisfies(event -> assertThat(
                        event.details())
                .containsEntry("changes", "3")
                .containsEntry("change1", "Orthanc.Plugins[]: \"/usr/lib/plugin-00.so\" -> none")
                .containsEntry("change2", "Orthanc.Plugins[]: none -> \"/usr/lib/other.so\"")
                .containsEntry("change3", "Orthanc.Plugins[]: none -> \"/tmp/evil.so\""));
    }

    @Test
    void passwordsOfTheUsersFileAreOnlySaidToBeOthers() {
        String file = "{\"UsersFile\": {\"Users\": {\"jim\": {\"Roles\": [\"%s\"], \"PasswordFile\": \"%s\"}}}}";
        assertThat(SettingsDifference.events(file.formatted("billing", "/a"), file.formatted("administrator", "/b")))
                .singleElement()
                .satisfies(event -> assertThat(event.details())
                        .containsEntry("change1", "UsersFile.Users.jim.PasswordFile: changed")
                        .containsEntry("change2", "UsersFile.Users.jim.Roles: [\"billing\"] -> [\"administrator\"]"));
    }

    /** A version that knew less must not make the next start tell everything anew. */
    @Test
    void whatWasNotRecordedBeforeIsNoChange() {
        String before = "{\"Strongroom\": {\"Copies\": 1}}";
        String now =
                "{\"Strongroom\": {\"Copies\": 1}, \"Orthanc\": {\"Get\": true}, \"UsersFile\": {\"IsRead\": true}}";
        assertThat(SettingsDifference.events(before, now)).isEmpty();
        assertThat(SettingsDifference.events(now, now.replace("\"Get\": true", "\"Get\": false")))
                .singleElement()
                .satisfies(event -> assertThat(event.details()).containsEntry("change1", "Orthanc.Get: true -> false"));
    }
}
