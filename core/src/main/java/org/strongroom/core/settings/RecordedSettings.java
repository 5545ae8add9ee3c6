package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;

/**
 * The settings of a start as the audit log compares them with those of the next one: Strongroom's, and of Orthanc's those that decide who
 * may ask for what, where images may go, and what runs inside it. Of users only the names, of other servers only the addresses: passwords
 * are not in it. Stateless.
 */
public final class RecordedSettings {
    /** Member with what is Orthanc's; an installation of before has none. */
    public static final String ORTHANC = "Orthanc";
    /** Member with the users of {@code Access.UsersFile}, below {@code Users}; likewise. */
    public static final String USERS_FILE = "UsersFile";

    /** Beside those of {@link OrthancSettings}; none of them can hold a secret. */
    private static final List<String> MORE = List.of(
            "AcceptedTransferSyntaxes",
            "DicomModalities",
            "DicomModalitiesInDatabase",
            "DicomServerEnabled",
            "DicomTlsRemoteCertificateRequired",
            "DicomTlsTrustedCertificates",
            "HttpServerEnabled",
            "JobsHistorySize",
            "LuaScripts",
            "MultitenantDicom",
            "OrthancPeersInDatabase",
            "PythonScript",
            "SslTrustedClientCertificates",
            "SslVerifyPeers",
            "WebDavEnabled");

    private RecordedSettings() {}

    /**
     * The settings, and what the users' file says now.
     *
     * @param json Orthanc's whole configuration, which {@code configuration} was read of
     * @throws org.strongroom.core.error.StrongroomException REFUSED if the users' file cannot be read
     */
    public static String of(Configuration configuration, String json) {
        JsonNode root = ConfigurationText.parse(json, "the configuration");
        ObjectNode orthanc = JsonNodeFactory.instance.objectNode();
        for (RecordComponent component : OrthancSettings.class.getRecordComponents()) {
            if (!component.getAnnotation(Setting.class).silent()) {
                SettingsWriter.present(SettingsWriter.read(component, configuration.orthanc()))
                        .ifPresent(value -> orthanc.set(SettingNames.of(component), SettingsWriter.node(value)));
            }
        }
        MORE.stream().filter(root::has).forEach(name -> orthanc.set(name, root.get(name)));
        names(root.path("RegisteredUsers"), orthanc.putObject("RegisteredUsers"));
        orthanc.set("OrthancPeers", addresses(root.path("OrthancPeers")));
        orthanc.set("DicomWebServers", addresses(root.path("DicomWeb").path("Servers")));
        ObjectNode recorded = JsonNodeFactory.instance.objectNode();
        recorded.set(Settings.SECTION, SettingsWriter.node(configuration.settings()));
        recorded.set(ORTHANC, orthanc);
        recorded.set(USERS_FILE, users(configuration.settings()));
        return recorded.toPrettyString();
    }

    private static ObjectNode users(Settings settings) {
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        file.put("IsRead", settings.access().usersFile().isPresent());
        ObjectNode users = file.putObject("Users");
        Users.of(settings).forEach((name, user) -> {
            if (!settings.access().users().containsKey(name)) {
                users.set(name, SettingsWriter.node(user));
            }
        });
        return file;
    }

    private static void names(JsonNode users, ObjectNode target) {
        users.fieldNames().forEachRemaining(name -> target.put(name, "a user"));
    }

    /** Of servers by name, each a list that begins with the address, or an object with it: their addresses, without what may be a password. */
    public static ObjectNode addresses(JsonNode servers) {
        ObjectNode addresses = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> server : servers.properties()) {
            JsonNode said = server.getValue();
            String address = (said.isArray() ? said.path(0) : said.path("Url")).asText();
            addresses.put(
                    server.getKey(), address.replaceFirst("//[^/]*@", "//").replaceFirst("[?#].*$", ""));
        }
        return addresses;
    }
}
