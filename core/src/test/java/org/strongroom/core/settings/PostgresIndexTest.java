package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section PostgreSQL means to us what it means to Orthanc's plugin and to libpq. */
class PostgresIndexTest {
    private static final String HOME =
            "\"Strongroom\": {\"Home\": \"/srv/home\"," + " \"RootKey\": {\"PassphraseFile\": \"/srv/passphrase\"}}";

    @TempDir
    Path folder;

    private static PostgresIndex read(String section) {
        return Configuration.parse("{" + HOME + ", \"PostgreSQL\": " + section + "}")
                .postgres()
                .orElseThrow();
    }

    private static Map<String, String> of(String section) {
        Map<String, String> words = new TreeMap<>();
        read(section).connection().forEach((word, value) -> words.put(word, value.reveal()));
        return words;
    }

    private static Map<String, String> ofUri(String uri) {
        return of("{\"EnableIndex\": true, \"ConnectionUri\": \"" + uri + "\"}");
    }

    @Test
    void namesAndDefaultsAreThoseOfThePlugin() {
        assertThat(of("{\"EnableIndex\": true}"))
                .isEqualTo(Map.of("host", "localhost", "port", "5432", "sslmode", "disable"));
        assertThat(of("{\"EnableIndex\": true, \"Host\": \"db\", \"Port\": 5433, \"Database\": \"o\", \"Username\":"
                        + " \"u\", \"Password\": \"p\", \"EnableSsl\": true}"))
                .isEqualTo(Map.of(
                        "host",
                        "db",
                        "port",
                        "5433",
                        "dbname",
                        "o",
                        "user",
                        "u",
                        "password",
                        "p",
                        "sslmode",
                        "require"));
    }

    @Test
    void aUriIsTakenApart() {
        assertThat(ofUri("postgresql://u%40x:p%2F%3a+@db.example:5433/orthanc?sslmode=verify-full&connect_timeout=5"))
                .isEqualTo(Map.of(
                        "user",
                        "u@x",
                        "password",
                        "p/:+",
                        "host",
                        "db.example",
                        "port",
                        "5433",
                        "dbname",
                        "orthanc",
                        "sslmode",
                        "verify-full",
                        "connect_timeout",
                        "5"));
        assertThat(ofUri("postgres://[2001:db8::1]:5433,second/o?password=q"))
                .isEqualTo(Map.of("host", "2001:db8::1,second", "port", "5433,", "dbname", "o", "password", "q"));
        assertThat(ofUri("postgresql://")).isEmpty();
        assertThat(ofUri("postgresql://%2Frun%2Fpostgresql/o")).containsEntry("host", "/run/postgresql");
        assertThat(ofUri("postgresql://host/%zz")).containsEntry("dbname", "%zz");
    }

    @Test
    void pairsAreReadAsLibpqReadsThem() {
        assertThat(ofUri("host=db  port = 5433 password='it\\\\'s a \\\\\\\\' user=u\\\\ v dbname=''"))
                .isEqualTo(Map.of("host", "db", "port", "5433", "password", "it's a \\", "user", "u v", "dbname", ""));
    }

    /** Else libpq would choose what is missing by itself: a database of this machine. */
    @Test
    void whatIsNotUnderstoodToItsEndIsNotTakenForLess() {
        for (String uri : List.of("nonsense", "host=db and more", "postgresql://u:p@[::1/o", "postgresql://a:b:c/o")) {
            assertThat(read("{\"EnableIndex\": true, \"ConnectionUri\": \"" + uri + "\"}"))
                    .as(uri)
                    .isEqualTo(new PostgresIndex(Map.of(), false));
        }
        assertThat(read("{\"EnableIndex\": true, \"Password\": \"two words\"}").understood())
                .isFalse();
        assertThat(read("{\"EnableIndex\": true}").understood()).isTrue();
        assertThat(ofUri("postgresql://u:p?x@db/orthanc?ssl=true"))
                .isEqualTo(Map.of(
                        "user", "u", "password", "p?x", "host", "db", "dbname", "orthanc", "sslmode", "require"));
    }

    /** The plugin hands it on as it is, into the text that libpq reads. */
    @Test
    void aPasswordIsWrittenAsLibpqReadsIt() {
        assertThat(of("{\"EnableIndex\": true, \"Password\": \"'two words'\"}")).containsEntry("password", "two words");
        assertThat(of("{\"EnableIndex\": true, \"Password\": \"a\\\\\\\\b\"}")).containsEntry("password", "a\\b");
    }

    @Test
    void thePasswordIsTakenFromTheEnvironmentAndNeverShown() throws IOException {
        Files.writeString(folder.resolve("a.json"), "{" + HOME + "}");
        Files.writeString(
                folder.resolve("b.json"),
                "{\"PostgreSQL\": {\"EnableIndex\": true, \"Password\": \"${DB_PASSWORD}\"}}");
        Configuration configuration = Configuration.load(folder, Map.of("DB_PASSWORD", "slow-lantern"));
        PostgresIndex index = configuration.postgres().orElseThrow();
        assertThat(index.connection().get("password").reveal()).isEqualTo("slow-lantern");
        assertThat(configuration.toString()).doesNotContain("slow-lantern");
        assertThat(configuration.indexInFile()).isFalse();
    }

    @Test
    void withoutItsIndexThereIsNone() {
        for (String section : new String[] {"{}", "{\"EnableIndex\": false}", "{\"EnableStorage\": true}"}) {
            Configuration none = Configuration.parse("{" + HOME + ", \"PostgreSQL\": " + section + "}");
            assertThat(none.postgres()).isEmpty();
            assertThat(none.indexInFile()).isTrue();
        }
        Configuration other = Configuration.parse("{" + HOME + ", \"MySQL\": {\"EnableIndex\": true}}");
        assertThat(other.postgres()).isEmpty();
        assertThat(other.indexInFile()).isFalse();
    }
}
