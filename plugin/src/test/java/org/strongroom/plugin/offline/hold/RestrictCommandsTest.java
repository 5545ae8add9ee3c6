package org.strongroom.plugin.offline.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.plugin.offline.OneStudyCommands;

/** hold add --restrict, and what an export says of what is restricted. */
class RestrictCommandsTest extends OneStudyCommands {
    private static final Pattern ID = Pattern.compile("\"hold\":\"([0-9a-f-]{36})\"");
    private static final String USERS =
            "\"Access\": {\"Users\": {\"rad\": {\"Roles\": [\"radiologist\"], \"PasswordEnv\": \"RAD\"}}}";
    private static final String CT =
            "\"DicomModalities\": {\"ct\": {\"AET\": \"CT\", \"Host\": \"h\", \"Port\": 1, \"AllowGet\": false}}";

    /**
     * @param section more of Strongroom's
     * @param orthanc more of Orthanc's own settings
     */
    private void configure(String section, String orthanc) throws IOException {
        Path file = folder.resolve("orthanc.json");
        String before = Files.readString(file);
        Files.writeString(
                file,
                before.substring(0, before.lastIndexOf("}}")) + ", " + section + "}" + (orthanc.isEmpty() ? "" : ", ")
                        + orthanc + "}");
    }

    private int add(String... what) {
        String[] all = new String[6 + what.length];
        System.arraycopy(new String[] {"hold", "add", "--restrict"}, 0, all, 0, 3);
        System.arraycopy(what, 0, all, 3, what.length);
        System.arraycopy(
                new String[] {"--owner=Dr. Roe", "--reason=he disputes what it says", "--json"},
                0,
                all,
                3 + what.length,
                3);
        return run(all);
    }

    @Test
    void whereNobodyLogsInNobodyIsRefusedSoNothingIsRestricted() {
        assertThat(add("--patient", "P1")).isEqualTo(1);
        assertThat(out).contains("nobody would enforce", "Strongroom.Access", "none", "docs/access.md");
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"DicomModalities\": {\"ct\": {\"AET\": \"CT\", \"Host\": \"h\", \"Port\": 1}}' |"
                        + " DicomModalities.ct.AllowGet | Set it to false",
                "'\"DicomModalities\": {\"ct\": [\"CT\", \"h\", 1]}' | DicomModalities.ct.AllowGet | Set it to false",
                "'\"DicomAlwaysAllowGet\": true' | DicomAlwaysAllowGet | Set it to false",
                "'\"DicomModalitiesInDatabase\": true' | DicomModalitiesInDatabase | Set it to false",
                "'\"MultitenantDicom\": {\"Servers\": [{\"AET\": \"X\"}]}' | MultitenantDicom.Servers | Remove it",
            })
    void whatOthersAnswerIsNoRestriction(String orthanc, String setting, String cure) throws IOException {
        configure(USERS, orthanc);
        assertThat(add("--patient", "P1")).isEqualTo(1);
        assertThat(out).contains("nobody would enforce", setting, cure);
    }

    @Test
    void norIsWhatNobodyRecords() throws IOException {
        configure(USERS + ", \"Audit\": {\"Stations\": false}", CT);
        assertThat(add("--patient", "P1")).isEqualTo(1);
        assertThat(out).contains("nobody would enforce", "Strongroom.Audit.Stations");
    }

    @Test
    void aTenantOrAQueryIsNotRestricted() throws IOException {
        configure(USERS, CT);
        for (String[] what : new String[][] {{"--tenant", "clinic"}, {"--modality", "MG"}}) {
            assertThat(add(what)).isEqualTo(1);
            assertThat(out).contains("a restriction is on a study or on a patient", "--restrict");
        }
    }

    @Test
    void aRestrictionIsListedAndLiftedLikeAHold() throws IOException {
        configure(USERS, CT);
        assertThat(add("--patient", "P1")).as(out + err).isZero();
        assertThat(out).contains("\"restricts\":true");
        Matcher id = ID.matcher(out);
        assertThat(id.find()).isTrue();
        assertThat(run("hold", "list")).isZero();
        assertThat(out).contains(id.group(1), "(1 study key, shown to nobody)");
        assertThat(run("hold", "list", "--json")).isZero();
        assertThat(out).contains("\"restricts\":true");
        assertThat(run("shred", "order", "--patient", "P1", "--owner", "x", "--reason", "x"))
                .isNotZero();

        for (String[] what :
                new String[][] {{"--patient", "P1"}, {"--study", "1.2.3"}, {"--all"}, {"--tenant", "clinic"}}) {
            assertThat(export(what)).isEqualTo(1);
            assertThat(err).contains("something of this is restricted", id.group(1), "--restricted");
        }
        assertThat(folder.resolve("out")).doesNotExist();
        export("--patient", "P1", "--restricted");
        assertThat(out + err).doesNotContain("is restricted: it is kept");

        assertThat(run("hold", "remove", id.group(1), "--owner", "Dr. Doe", "--reason", "settled"))
                .isZero();
        export("--patient", "P1");
        assertThat(out + err).doesNotContain("is restricted: it is kept");
    }

    private int export(String... what) {
        String[] all = new String[4 + what.length];
        System.arraycopy(
                new String[] {
                    "export", "--no-dicomdir", "--to", folder.resolve("out").toString()
                },
                0,
                all,
                0,
                4);
        System.arraycopy(what, 0, all, 4, what.length);
        return run(all);
    }

    /** Who sees the patient again only because of it is told by the list; a mere hold is another thing. */
    @Test
    void aHoldThatDoesNotRestrictHindersNoExport() throws IOException {
        assertThat(run("hold", "add", "--patient", "P1", "--owner", "court", "--reason", "case 12/26"))
                .isZero();
        export("--patient", "P1");
        assertThat(out + err).doesNotContain("is restricted: it is kept");
        assertThat(run("hold", "list", "--json")).isZero();
        assertThat(out).contains("\"restricts\":false");
    }
}
