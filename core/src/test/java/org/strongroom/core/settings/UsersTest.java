package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class UsersTest {
    @TempDir
    Path folder;

    private Path file;
    private Settings settings;

    @BeforeEach
    void settings() {
        file = folder.resolve("users.json");
        settings = Settings.parse(
                """
                {"Strongroom": {
                  "Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"},
                  "Tenants": {"north": {"Sources": {"AETs": ["N"]}}, "south": {}},
                  "Access": {"Users": {"jane": {"Tenants": ["north"]}}, "UsersFile": "%s", "Roles": {"reader": {}}}
                }}"""
                        .formatted(file));
    }

    @Test
    void ofSectionAndFileAreTogether() throws IOException {
        Files.writeString(file, "{ // more\n \"jim\": {\"Tenants\": [\"south\"], \"Roles\": [\"reader\"]} }");
        Map<String, UserSettings> users = Users.of(settings);
        assertThat(users).containsOnlyKeys("jane", "jim");
        assertThat(users.get("jim").roles()).containsExactly("reader");
        assertThat(settings.controlsAccess()).isTrue();
    }

    @Test
    void writtenOutTheSettingsNeedNoFile() throws IOException {
        Files.writeString(file, "{\"jim\": {\"Tenants\": [\"south\"], \"PasswordHashFile\": \"/c/jim\"}}");
        Map<String, UserSettings> users = Users.of(settings);
        Settings written = Settings.parse(Users.written(settings));
        Files.delete(file);
        assertThat(Users.of(written)).isEqualTo(users);
        assertThat(written.access().usersFile()).isEmpty();
        assertThat(written.tenants()).isEqualTo(settings.tenants());
        assertThat(written.access().roles()).isEqualTo(settings.access().roles());
    }

    /** Of a file without users its name is what says that not everybody may see everything. */
    @Test
    void writtenOutAnEmptyFileStaysNamed() throws IOException {
        Files.writeString(file, "{}");
        Settings alone = Settings.parse(
                """
                {"Strongroom": {"Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"}, "Access": {"UsersFile": "%s"}}}"""
                        .formatted(file));
        assertThat(Settings.parse(Users.written(alone)).controlsAccess()).isTrue();
    }

    /** Else it would look as if users were missing. */
    @Test
    void writtenOutAnEmptyFileIsNotNamedBesideWhatSaysMore() throws IOException {
        Files.writeString(file, "{}");
        Settings roles = Settings.parse(
                """
                {"Strongroom": {"Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"},
                  "Access": {"UsersFile": "%s", "Roles": {"reader": {}}}}}"""
                        .formatted(file));
        Settings written = Settings.parse(Users.written(roles));
        assertThat(written.access().usersFile()).isEmpty();
        assertThat(written.controlsAccess()).isTrue();
    }

    /** Beside the file nobody asks whether a tenant has any user. */
    @Test
    void writtenOutATenantWithoutUsersIsStillOne() throws IOException {
        Files.writeString(file, "{}");
        Settings tiered = Settings.parse(
                """
                {"Strongroom": {"Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"}, "Tiers": {"t": {"Directory": "/t"}},
                  "Tenants": {"north": {"Sources": {"AETs": ["N"]}}, "south": {}},
                  "Access": {"Users": {"jane": {"Tenants": ["north"]}}, "UsersFile": "%s"}}}"""
                        .formatted(file));
        assertThat(Settings.parse(Users.written(tiered)).tenants()).containsOnlyKeys("north", "south");
    }

    @Test
    void everythingWrongInTheFileIsTold() throws IOException {
        Files.writeString(file, "{\"jim\": {\"Tenants\": [\"west\"]}, \"joe\": {\"Roles\": [\"x\"]}, \"j b\": {}}");
        assertThat(refused().context()).containsOnlyKeys("jim.Tenants", "joe.Roles", "j b");
        Files.writeString(file, "{\"jim\": {\"Tenant\": [\"south\"]}, \"joe\": 7}");
        assertThat(refused().context()).containsOnlyKeys("jim.Tenant", "joe");
        Files.writeString(file, "{\"jim\": {\"Tenants\": [\"south\"], \"AETs\": [\"N\"]}}");
        assertThat(refused().context()).containsOnlyKeys("jim.AETs");
    }

    /** The audit log calls so what no person does; but there are clinics that have such users, and they have to start. */
    @Test
    void usersMayBeCalledAsTheAuditLogCallsNobody() throws IOException {
        Files.writeString(file, "{\"orthanc\": {\"Tenants\": [\"south\"]}, \"nobody\": {\"Tenants\": [\"south\"]}}");
        assertThat(Users.of(settings)).containsKeys("orthanc", "nobody");
    }

    @Test
    void inBothPlacesIsRefused() throws IOException {
        Files.writeString(file, "{\"jane\": {\"Tenants\": [\"south\"]}}");
        assertThat(refused().context()).containsOnlyKeys("jane");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(refused().context()).containsEntry("file", file.toString());
    }

    private StrongroomException refused() {
        StrongroomException e = catchThrowableOfType(StrongroomException.class, () -> Users.of(settings));
        assertThat(e).as("accepted").isNotNull();
        assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(e.cure()).isNotEmpty();
        return e;
    }
}
