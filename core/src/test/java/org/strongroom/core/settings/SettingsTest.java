package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.StrongroomException;

class SettingsTest {
    private static final String SMALL =
            "{\"Strongroom\": {\"Home\": \"/a\", \"RootKey\": {\"KeyFile\": \"/k\"}, \"Read\": {%s}, \"Tiers\": {%s}},"
                    + " %s}";

    @Test
    void derivedDefaults() {
        Configuration plain = Configuration.parse(SMALL.formatted("", "", "\"Name\": \"x\""));
        assertThat(plain.orthanc().httpThreadsCount()).isEqualTo(50);
        assertThat(plain.settings().read().coldRequests(50)).isEqualTo(25);
        assertThat(plain.settings().read().coldRequests(1)).isEqualTo(1);
        assertThat(plain.settings().requiredCopies()).isZero();
        assertThat(plain.settings().warnings()).singleElement().asString().contains("only copy");
        Settings own = Settings.parse(SMALL.formatted("\"ColdRequests\": 3", "", "\"Name\": \"x\""));
        assertThat(own.read().coldRequests(50)).isEqualTo(3);
    }

    @Test
    void aTrialTierIsWarnedAbout() {
        String tier = "\"t\": {\"Directory\": \"/d\", \"AllowSameDisk\": true}";
        assertThat(Settings.parse(SMALL.formatted("", tier, "\"Name\": \"x\"")).warnings())
                .singleElement()
                .asString()
                .contains("Strongroom.Tiers.t.AllowSameDisk");
    }

    @Test
    void aTenantOfWhichOnlyStudiesAreLeftIsWarnedAbout() {
        String tenants = "{\"Strongroom\": {\"Home\": \"/a\", \"RootKey\": {\"KeyFile\": \"/k\"},"
                + " \"Tiers\": {\"t\": {\"Directory\": \"/d\"}}, \"Tenants\": {"
                + " \"open\": {\"Sources\": {\"AETs\": [\"A\"]}}, \"closed\": {\"Laws\": [\"DE\"]}}}}";
        assertThat(Settings.parse(tenants).warnings())
                .singleElement()
                .asString()
                .contains("Strongroom.Tenants.closed");
    }

    @Test
    void orthancsPartKeepsPasswordsToItself() {
        OrthancSettings orthanc = Configuration.parse(SMALL.formatted(
                        "",
                        "",
                        "\"RemoteAccessAllowed\": true, \"RegisteredUsers\": {\"alice\": \"wonderland\"},"
                                + " \"Plugins\": [\"/p\"]"))
                .orthanc();
        assertThat(orthanc.authenticates()).isTrue();
        assertThat(orthanc.toString()).contains("alice").doesNotContain("wonderland");
        assertThat(orthanc.registeredUsers().get("alice").matches("wonderland")).isTrue();
        assertThat(orthanc.plugins()).containsExactly("/p");
    }

    @Test
    void whatIsNotJsonIsRefusedWithItsLineButNotItsText() {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> Settings.parse("{\n\n \"Strongroom\": hunter2 }"))
                .satisfies(e -> assertThat(e.context()).containsEntry("line", "3"))
                .withMessageNotContaining("hunter2");
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> Settings.parse("[]"))
                .withMessageContaining("not a JSON object");
    }

    @Test
    void aSectionInTwoFilesIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.json"), "{\"Strongroom\": {}}");
        Files.writeString(folder.resolve("b.json"), "{\"Strongroom\": {}}");
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> Configuration.load(folder, Map.of()))
                .satisfies(e -> assertThat(e.context())
                        .containsEntry("section", "Strongroom")
                        .containsEntry("file", folder.resolve("b.json").toString()));
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> Configuration.load(folder.resolve("none.json"), Map.of()))
                .withMessageContaining("none.json")
                .satisfies(e -> assertThat(e.cure()).isNotEmpty());
    }

    @ParameterizedTest
    @CsvSource({"500 ms,500", "60 s,60000", "5min,300000", "2 h,7200000", "1 day,86400000", "30 days,2592000000"})
    void durations(String text, long milliseconds) {
        Duration duration = Durations.parse(text);
        assertThat(duration.toMillis()).isEqualTo(milliseconds);
        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
        assertThat(text).matches(Durations.PATTERN);
    }

    @ParameterizedTest
    @CsvSource({"1 B,1", "8 MiB,8388608", "1.5 GB,1500000000", "200GB,200000000000", "3 kB,3000", "2 TiB,2199023255552"
    })
    void sizes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
        assertThat(ByteSize.parse(new ByteSize(bytes).toString())).isEqualTo(new ByteSize(bytes));
        assertThat(text).matches(ByteSize.PATTERN).matches(Watermark.PATTERN);
    }

    @ParameterizedTest
    @CsvSource({
        "512 kbit/s,64000",
        "512 Kbit/s,64000",
        "512 kbps,64000",
        "2 MBit/s,250000",
        "2 Mbps,250000",
        "10 Mbit/s,1250000",
        "1 Gbit/s,125000000",
        "100 KB/s,100000",
        "1.5MB/s,1500000",
        "64 KiB/s,65536",
        "off,0",
        "unlimited,9223372036854775807"
    })
    void rates(String text, long bytes) {
        assertThat(Rate.parse(text)).isEqualTo(new Rate(bytes));
        assertThat(Rate.parse(Rate.parse(text).toString())).isEqualTo(new Rate(bytes));
        assertThat(text).matches(Rate.PATTERN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0 kbit/s",
                "512",
                "512 kbit",
                "512 kb/s",
                "7 kbit/s",
                "-1 kbit/s",
                "1 bit/s",
                "9999999999 GB/s"
            })
    void notRates(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "Mon-Fri:Mon, Tue, Wed, Thu, Fri",
                "Sat, Sun:Sat, Sun",
                "Sat-Mon,Wed:Mon, Wed, Sat, Sun",
                "Mon-Sun:daily"
            })
    void days(String text, String written) {
        assertThat(WeekDays.parse(text)).hasToString(written);
        assertThat(WeekDays.parse(written)).isEqualTo(WeekDays.parse(text));
    }

    @Test
    void aNightBelongsToTheDayOnWhichItBegins() {
        TimetableSettings sunday =
                new TimetableSettings(WeekDays.parse("Sun"), DayTime.parse("23:30"), DayTime.parse("00:30"), Rate.OFF);
        assertThat(sunday.week().stream())
                .hasSize(60)
                .contains(0, 29, TimetableSettings.WEEK - 30, TimetableSettings.WEEK - 1)
                .doesNotContain(30);
        TimetableSettings wholeDay =
                new TimetableSettings(WeekDays.parse("Mon"), DayTime.parse("00:00"), DayTime.parse("24:00"), Rate.OFF);
        assertThat(wholeDay.week().cardinality()).isEqualTo(DayTime.DAY);
        assertThat(wholeDay.week().get(DayTime.DAY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "s", "-1 s", "1.5 h", "60 seconds", "9999999999 s"})
    void notDurations(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "0 B", "0.5 B", "1 gb", "9999999 TiB", "85 %"})
    void notSizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }
}
