package org.strongroom.tests.tenancy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OidcProvider;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Slapd;

/**
 * Clinics north and south, each with two studies by C-STORE: of a patient of their own, and of one that is both's. Nobody's modality
 * sends, too, and south's sends into north's study.
 */
final class TwoClinicsPacs implements AutoCloseable {
    static final String NORTH = "2.25.710001";
    static final String SOUTH = "2.25.720002";
    static final String UNKNOWN = "2.25.730003";
    private static final String NORTH_HOST = "127.0.0.2";
    private static final String SOUTH_HOST = "127.0.0.3";
    private static final String NOBODYS_HOST = "127.0.0.4";
    private static final String SHARED_HOST = "127.0.0.5";
    private static final String FAR_HOST = "127.0.0.6";
    static final List<String> USERS =
            List.of("north-rad", "north-tech", "north-billing", "north-referrer", "auditor", "admin", "");

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();
    static final String PASSWORD = "a password of nobody's";

    private final Clinic clinic;
    private final int stationPort = Ports.free();
    private final int archivePort = Ports.free();
    private final int peerPort = Ports.free();

    /** What a clinic is given to begin with, beside this test's folders and ports; and a technologist, and a modality of nobody's. */
    TwoClinicsPacs(Debian debian) {
        clinic = new Clinic(debian);
        ObjectNode configuration = clinic.setup().configuration();
        configuration.remove(List.of("DicomAlwaysAllowGet", "DicomAlwaysAllowMove", "DicomAlwaysAllowFind"));
        ObjectNode example = example();
        ObjectNode section = (ObjectNode) example.remove("Strongroom");
        configuration.setAll(example);
        clinic.setup()
                .strongroom("Tenants", section.get("Tenants"))
                .strongroom("Access", section.get("Access"))
                .environment("NORTH_CT_HOST", NORTH_HOST)
                .environment("SOUTH_CT_HOST", SOUTH_HOST)
                .debianPlugin("libOrthancWebViewer.so");
        ObjectNode users = configuration.withObject("/Strongroom/Access/Users");
        ObjectNode technologist = users.withObject("north-rad").deepCopy();
        users.set("north-tech", technologist);
        technologist.putArray("Roles").add("technologist");
        configuration
                .withArray("/Strongroom/Access/Login/Basic")
                .add("technologist")
                .add("er");
        configuration
                .withObject("/Strongroom/Access/Roles/er")
                .putArray("Permissions")
                .add("study:emergency");
        ObjectNode er = users.withObject("north-referrer").deepCopy();
        users.set("north-er", er);
        er.putArray("Roles").add("referrer").add("er");
        configuration
                .withObject("/Strongroom/Access/Roles/protection")
                .putArray("Permissions")
                .add("study:restricted");
        for (String[] more :
                new String[][] {{"north-er-rad", "radiologist", "er"}, {"north-dpo", "technologist", "protection"}}) {
            ObjectNode one = users.withObject("north-rad").deepCopy();
            users.set(more[0], one);
            one.putArray("Roles").add(more[1]).add(more[2]);
        }
        configuration.withObject("/Strongroom/Access/Login").put("Insecure", true);
        for (JsonNode user : users) {
            clinic.setup().environment(user.path("PasswordEnv").asText(), PASSWORD);
        }
        configuration.withObject("/DicomModalities").forEach(modality -> ((ObjectNode) modality)
                .put("Port", stationPort));
        ObjectNode nobodys =
                configuration.withObject("/DicomModalities/north-ct").deepCopy();
        configuration
                .withObject("/DicomModalities")
                .set("nobodys-ct", nobodys.put("AET", "NOBODYS_CT").put("Host", NOBODYS_HOST));
        for (String[] one : new String[][] {{"shared-ct", "SHARED_CT", SHARED_HOST}, {"far-ct", "FAR_CT", FAR_HOST}}) {
            ObjectNode modality = nobodys.deepCopy().put("AET", one[1]).put("Host", one[2]);
            configuration.withObject("/DicomModalities").set(one[0], modality);
        }
        ObjectNode souths = configuration.withObject("/Strongroom/Tenants/south/Sources");
        souths.withArray("Tags").add("InstitutionName=South*");
        souths.withArray("Addresses").add(FAR_HOST);
        ObjectNode archive = nobodys.deepCopy();
        configuration
                .withObject("/DicomModalities")
                .set(
                        "north-pacs",
                        archive.put("AET", "NORTH_PACS")
                                .put("Host", "127.0.0.1")
                                .put("Port", archivePort));
        ObjectNode north = configuration.withObject("/Strongroom/Tenants/north");
        north.withObject("/Sources").withArray("AETs").add("NORTH_PACS");
        north.withArray("Destinations").add("NORTH_PACS");
        north.withArray("Peers").add("north-peer");
        for (String peer : List.of("north-peer", "souths-peer")) {
            configuration.withObject("/OrthancPeers/" + peer).put("Url", "http://127.0.0.1:" + peerPort);
        }
    }

    private static ObjectNode example() {
        try {
            Path file = Project.root().resolve("orthanc-config/two-tenants.json");
            return (ObjectNode) JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Before it starts: more users, of this directory; north's readers are radiologists there. Asked again as often as may be. */
    void askDirectory(Slapd slapd) {
        ObjectNode directory = clinic.setup()
                .environment("READER", Slapd.READERS_PASSWORD)
                .configuration()
                .withObject("/Strongroom/Access/Directory")
                .put("Authorities", slapd.file("ca.pem").toString())
                .put("BindDN", Slapd.READER)
                .put("BindPasswordEnv", "READER")
                .put("Base", "ou=people," + Slapd.SUFFIX)
                .put("Recheck", "10 s");
        directory.withArray("Servers").add("ldaps://localhost:" + slapd.tlsPort);
        ObjectNode readers = directory.withArray("Groups").addObject().put("Group", Slapd.group("readers"));
        readers.putArray("Roles").add("radiologist");
        readers.putArray("Tenants").add("north");
    }

    /** Before it starts: more users, of this provider; north's readers are radiologists there. */
    void askProvider(OidcProvider provider) {
        ObjectNode openId = clinic.setup()
                .environment("CLIENT_SECRET", OidcProvider.SECRET)
                .configuration()
                .withObject("/Strongroom/Access/OpenIdConnect")
                .put("Issuer", provider.issuer())
                .put("ClientId", "strongroom")
                .put("ClientSecretEnv", "CLIENT_SECRET");
        reachedAt(address());
        ObjectNode readers = openId.withArray("Groups").addObject().put("Group", "readers");
        readers.putArray("Roles").add("radiologist");
        readers.putArray("Tenants").add("north");
    }

    /** Where programs reach it. */
    String address() {
        return "http://127.0.0.1:" + clinic.setup().httpPort();
    }

    /** Before it starts: browsers reach it at this address, so it takes security keys. */
    String reachedByName() {
        String address = "http://localhost:" + clinic.setup().httpPort();
        reachedAt(address);
        return address;
    }

    private void reachedAt(String address) {
        clinic.setup().configuration().withObject("/Strongroom/Access/Login").put("Address", address);
    }

    /** Before its next start: the settings know nothing of south any more. */
    void takeSouthOut() {
        ObjectNode section = clinic.setup().configuration().withObject("/Strongroom");
        section.withObject("/Tenants").remove("south");
        section.withObject("/Access/Users").remove("south-rad");
    }

    /** Before its next start: stations of north ask by C-GET, or do not. */
    void setNorthsGet(boolean allowed) {
        clinic.setup().configuration().withObject("/DicomModalities/north-ct").put("AllowGet", allowed);
    }

    /** Before it starts: who has logged in finds this folder's pages at {@code path}, as a clinic serves a viewer of its own. */
    void serve(String path, Path folder) {
        ObjectNode configuration =
                clinic.setup().debianPlugin("libServeFolders.so").configuration();
        configuration.withObject("/ServeFolders").put(path, folder.toString());
        configuration
                .withObject("/Strongroom/Access")
                .withArray("Routes")
                .addObject()
                .put("Path", path + "/**")
                .put("Permission", "open");
    }

    /** From now on every image is in the tier only. */
    void makeCold() {
        clinic.makeCold();
    }

    /** How many images are here as a whole. */
    int wholeImages() {
        return clinic.wholeSealedFiles().size();
    }

    /** What it logs that refuses to start. */
    String startAndFail() {
        return clinic.setup().startAndFail();
    }

    /** A folder that Orthanc can read. */
    Path folder(String name) {
        return clinic.scratch().path().resolve(name);
    }

    /** Where every station listens. */
    int stationPort() {
        return stationPort;
    }

    /** Where another archive of north's listens, if there is one. */
    int archivePort() {
        return archivePort;
    }

    /** Where north's peer answers, if there is one. */
    int peerPort() {
        return peerPort;
    }

    /** From where the station with this title calls. */
    static String host(String title) {
        return title.startsWith("NORTH") ? NORTH_HOST : title.startsWith("SOUTH") ? SOUTH_HOST : NOBODYS_HOST;
    }

    /** North's images. */
    static List<byte[]> norths() {
        return List.of(
                image("SHARED", "SHARED^NORTHERN", NORTH + ".0", NORTH + ".0.1"),
                image("ONE-NORTH", "ONE^NORTHERN", NORTH + ".1", NORTH + ".1.1"),
                image("TWO-NORTH", "TWO^NORTHERN", NORTH + ".2", NORTH + ".2.1"));
    }

    OrthancProcess start() {
        OrthancProcess orthanc = clinic.start();
        norths().forEach(image -> send(orthanc, "NORTH_CT", NORTH_HOST, image));
        send(orthanc, "SOUTH_CT", SOUTH_HOST, image("SHARED", "SHARED^SOUTHERN", SOUTH + ".0", SOUTH + ".0.1"));
        send(orthanc, "SOUTH_CT", SOUTH_HOST, image("ONE-SOUTH", "ONE^SOUTHERN", SOUTH + ".1", SOUTH + ".1.1"));
        send(
                orthanc,
                "NOBODYS_CT",
                NOBODYS_HOST,
                image("ONE-UNKNOWN", "ONE^UNKNOWN", UNKNOWN + ".1", UNKNOWN + ".1.1"));
        send(orthanc, "SOUTH_CT", SOUTH_HOST, image("TWO-NORTH", "TWO^SOUTHERN", NORTH + ".2", NORTH + ".2.7"));
        return orthanc;
    }

    /** From a modality that neither clinic's {@code Sources} name by its title. */
    void sendFromShared(OrthancProcess orthanc, byte[] image) {
        send(orthanc, "SHARED_CT", SHARED_HOST, image);
    }

    /** From a modality that is south's by its address. */
    void sendFromFar(OrthancProcess orthanc, byte[] image) {
        send(orthanc, "FAR_CT", FAR_HOST, image);
    }

    private void send(OrthancProcess orthanc, String title, String host, byte[] image) {
        Dcmtk.storeFrom(title, host, orthanc, clinic.sendFolder(List.of(image))).orFail();
    }

    /** Whether Orthanc takes an image from somebody in south who uses the title of north's modality. */
    boolean takesFromSouthAsNorth(OrthancProcess orthanc) {
        byte[] image = image("THREE-NORTH", "THREE^SOUTHERN", NORTH + ".3", NORTH + ".3.1");
        return Dcmtk.storeFrom("NORTH_CT", SOUTH_HOST, orthanc, clinic.sendFolder(List.of(image)))
                        .status()
                == 0;
    }

    static byte[] image(String patient, String name, String study, String series) {
        return SyntheticDicom.ct()
                .patient(patient)
                .patientName(name)
                .study(study)
                .series(series)
                .toBytes();
    }

    /** What must not be in an answer to a user of this tenant: names, PatientIDs, UIDs. */
    List<String> othersThan(String tenant) {
        List<String> secrets = new ArrayList<>(List.of("UNKNOWN", UNKNOWN));
        secrets.addAll(
                tenant.equals("north")
                        ? List.of("SOUTHERN", "ONE-SOUTH", SOUTH)
                        : List.of("NORTHERN", "ONE-NORTH", "TWO-NORTH", NORTH));
        return secrets;
    }

    Command.Result cli(Object... words) {
        return clinic.cli(words);
    }

    HttpResponse<byte[]> send(Rest rest, String user, String method, String uri) {
        boolean bare = method.equals("GET") || method.equals("DELETE");
        return send(rest, user, method, uri, bare ? null : "{\"Level\": \"Study\", \"Query\": {}}");
    }

    /** @param text of the body, or null */
    HttpResponse<byte[]> send(Rest rest, String user, String method, String uri, String text) {
        byte[] body = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        return user.isEmpty()
                ? rest.send(method, uri, body)
                : rest.send(method, uri, body, "Authorization", basic(user));
    }

    /** Somebody who has logged in on the page. */
    InTheBrowser logIn(Rest rest, String user) {
        return InTheBrowser.logIn(rest, user, PASSWORD);
    }

    /** What Orthanc says of an image that a user stores. */
    JsonNode upload(Rest rest, String user, byte[] image) {
        HttpResponse<byte[]> answer = rest.send("POST", "/instances", image, "Authorization", basic(user));
        if (answer.statusCode() != 200) {
            throw new AssertionError("an upload was answered " + answer.statusCode());
        }
        return Rest.parse(answer.body());
    }

    JsonNode json(Rest rest, String user, String uri) {
        return Rest.parse(rest.get(uri, "Authorization", basic(user)));
    }

    JsonNode find(Rest rest, String user, String level, String study) {
        return search(
                rest, user, "{\"Level\": \"" + level + "\", \"Query\": {\"StudyInstanceUID\": \"" + study + "\"}}");
    }

    JsonNode search(Rest rest, String user, String body) {
        return posted(rest, user, "/tools/find", body);
    }

    JsonNode posted(Rest rest, String user, String uri, String body) {
        return Rest.parse(send(rest, user, "POST", uri, body).body());
    }

    /** The value of a header {@code Authorization}. */
    static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        clinic.close();
    }
}
