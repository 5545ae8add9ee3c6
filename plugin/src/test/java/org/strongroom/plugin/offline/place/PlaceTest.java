package org.strongroom.plugin.offline.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;

/** A Home that is being recovered, which remembers a tenant of the lost machine, and a configuration that names none yet. */
class PlaceTest {
    private static final String NORTH = "\"Tenants\": { \"north\": { \"Jurisdictions\": [\"EU\"] } }, ";

    @TempDir
    Path folder;

    private Home home;

    @BeforeEach
    void recover() throws IOException {
        home = new Home(folder);
        home.createFolders();
        TenantPlaces.of(home).with(settings(NORTH)).write();
    }

    @Test
    void aRecoveryThatWasInterruptedGoesOnAndForgetsNoTenant() throws IOException {
        Place place = new Place(settings(""), home);
        place.takeOverToRecover().close();
        assertThat(home.settings()).hasContent(place.settings().toJson());
        place.takeOverToRecover().close();
        assertRefused(() -> TenantPlaces.of(home).require(place.settings()));
        TenantPlaces.of(home).require(settings(NORTH));
    }

    @Test
    void whateverTalksToASidecarIsRefused() throws IOException {
        assertRefused(() -> new Place(settings(""), home).takeOver().close());
        assertThat(home.settings()).doesNotExist();
        new Place(settings(NORTH), home).takeOver().close();
    }

    /** A folder that a command was given, say, whose user is another one's. */
    @Test
    void aFileThatFailsIsNamedAndHomeWhereNoneIsKnown() {
        StrongroomException named = Place.unreadable(new AccessDeniedException("/mnt/usb/kit"));
        assertThat(named.context())
                .containsEntry("file", "/mnt/usb/kit")
                .containsEntry("reason", "AccessDeniedException");
        assertThat(named.text() + named.cure()).doesNotContain("Home");
        assertThat(Place.unreadable(new IOException("broken")).cure()).contains("Strongroom.Home");
    }

    @Test
    void aTierIsNamedByItsNameOrAsASheetOfTheKitHasIt() {
        Place place = new Place(
                Settings.parse("{ \"Strongroom\": { \"Home\": \"" + folder
                        + "\", \"RootKey\": { \"KeyFile\": \"/c\" }, \"Copies\": 1, \"Tiers\": {"
                        + "\"near\": { \"Directory\": \"/mnt/near\" },"
                        + "\"store\": { \"S3\": { \"Bucket\": \"b\", \"Prefix\": \"p/q\", \"Region\": \"r\" } },"
                        + "\"one\": { \"S3\": { \"Bucket\": \"twice\", \"Endpoint\": \"https://one.example\" } },"
                        + "\"two\": { \"S3\": { \"Bucket\": \"twice\", \"Endpoint\": \"https://two.example\" } },"
                        + "\"blue\": { \"Azure\": { \"Account\": \"acc\", \"Container\": \"con\", \"KeyFile\": \"/k\" } }"
                        + "} } }"),
                home);
        assertThat(place.tier("near")).isEqualTo("near");
        assertThat(place.tier("/mnt/../mnt/near/")).isEqualTo("near");
        assertThat(place.tier("s3://b/p/q")).isEqualTo("store");
        assertThat(place.tier("azure://acc/con/")).isEqualTo("blue");
        for (String other : List.of("far", "/mnt", "s3://b/p", "s3://twice", "azure://acc/other", "")) {
            assertThatThrownBy(() -> place.tier(other))
                    .as(other)
                    .hasMessageContaining("no such tier")
                    .hasMessageContaining("near");
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.REFUSED));
    }

    private Settings settings(String tenants) {
        return Settings.parse("{ \"Strongroom\": { \"Home\": \"" + folder + "\", \"RootKey\": { \"KeyFile\": \"/c\" },"
                + " \"Copies\": 1, " + tenants + "\"Tiers\": { "
                + "\"near\": { \"Directory\": \"/mnt/near\", \"Jurisdiction\": \"EU\" },"
                + " \"abroad\": { \"Directory\": \"/mnt/abroad\", \"Jurisdiction\": \"US\" } } } }");
    }
}
