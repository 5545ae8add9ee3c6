package org.strongroom.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import org.junit.jupiter.api.Test;

/** What each module never holds. The poms ban the libraries; this bans what the JDK and core offer to everybody. */
class NeverHoldsTest {
    private static final String[] CLOUD = {"software.amazon..", "com.azure..", "com.google.cloud.."};
    private static final String[] SQL = {"java.sql..", "javax.sql..", "org.sqlite..", "org.jdbi.."};
    private static final String[] SERVERS = {
        "com.sun.net.httpserver..", "jdk.httpserver..", "io.javalin..", "org.eclipse.jetty.."
    };
    private static final String[] KEYS = {"org.bouncycastle..", "com.github.luben.."};

    @Test
    void coreHasNoSqlNoServersNoCloudNoKeySources() {
        for (String[] kind : new String[][] {CLOUD, SQL, SERVERS, KEYS}) {
            never(Rooms.CORE, kind);
        }
    }

    @Test
    void thePluginHasNoCloudAndNoDatabase() {
        never(Rooms.PLUGIN, CLOUD);
        never(Rooms.PLUGIN, SQL);
    }

    /** They have protocols of their own; whoever speaks to one holds a credential that is good for nothing else. */
    @Test
    void onlyKeyServicesAndTheProviderOfUsersAreSpokenTo() {
        noClasses()
                .that()
                .resideInAPackage(Rooms.PLUGIN)
                .and()
                .resideOutsideOfPackages("org.strongroom.plugin.keyservice..", "org.strongroom.plugin.openid..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..")
                .check(Rooms.CLASSES);
    }

    @Test
    void onlyTheDirectorysRoomSpeaksLdap() {
        noClasses()
                .that()
                .resideInAnyPackage(Rooms.PLUGIN, Rooms.CORE, Rooms.SIDECAR)
                .and()
                .resideOutsideOfPackage("org.strongroom.plugin.directory..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.unboundid..", "javax.naming..")
                .check(Rooms.CLASSES);
    }

    /** So it is not loaded where there are no keys. */
    @Test
    void onlyItsOwnRoomKnowsTheLibraryOfSecurityKeys() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.strongroom.plugin.webauthn..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.webauthn4j..", "com.fasterxml.jackson.dataformat..")
                .check(Rooms.CLASSES);
    }

    @Test
    void onlyTheProvidersRoomReadsItsTokens() {
        noClasses()
                .that()
                .resideInAnyPackage(Rooms.PLUGIN, Rooms.CORE, Rooms.SIDECAR)
                .and()
                .resideOutsideOfPackage("org.strongroom.plugin.openid..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.nimbusds..")
                .check(Rooms.CLASSES);
    }

    @Test
    void thePluginDoesNotListen() {
        never(Rooms.PLUGIN, SERVERS);
        noClasses()
                .that()
                .resideInAPackage(Rooms.PLUGIN)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.net.ServerSocket.class, java.nio.channels.ServerSocketChannel.class)
                .check(Rooms.CLASSES);
    }

    @Test
    void theSidecarCannotOpenWhatIsSealed() {
        never(Rooms.SIDECAR, KEYS);
        never(Rooms.SIDECAR, "javax.crypto..");
        noClasses()
                .that()
                .resideInAPackage(Rooms.SIDECAR)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "org\\.strongroom\\.core\\.(secret\\.Key32|format\\.v1\\.(CobblestoneReader|CobblestoneSealer|MessageKeys))")
                .check(Rooms.CLASSES);
    }

    @Test
    void onlyTheBridgeTokensAndArgon2TouchNativeMemory() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.strongroom.plugin.bridge..",
                        "org.strongroom.plugin.keyservice..",
                        "org.strongroom.plugin.argon2..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(Rooms.CLASSES);
    }

    private static void never(String room, String... packages) {
        noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(Rooms.CLASSES);
    }
}
