package org.strongroom.plugin.bridge;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Orthanc's SDK, with the names of {@code be.uclouvain.orthanc.Functions} where the concept is the same. Valid from
 * Initialize to Finalize; afterwards every call fails with UNAVAILABLE and log lines go nowhere. Thread-safe. The REST API
 * does not answer during {@link PluginApplication#start}.
 */
public final class Orthanc {
    /** Services of OrthancCPlugin.h, all present in 1.10.1. */
    private static final int LOG_INFO = 1;

    private static final int LOG_WARNING = 2;
    private static final int LOG_ERROR = 3;
    private static final int GET_ORTHANC_PATH = 4;
    private static final int GET_ORTHANC_DIRECTORY = 5;
    private static final int GET_CONFIGURATION_PATH = 6;
    private static final int SET_PLUGIN_PROPERTY = 7;
    private static final int GET_GLOBAL_PROPERTY = 8;
    private static final int SET_GLOBAL_PROPERTY = 9;
    private static final int GET_CONFIGURATION = 13;
    private static final int DICOM_BUFFER_TO_JSON = 21;
    private static final int CREATE_DICOM = 23;
    private static final int GENERATE_UUID = 28;
    private static final int SET_METRICS_VALUE = 31;
    private static final int REST_API_GET = 3001;
    private static final int REST_API_POST = 3002;
    private static final int REST_API_DELETE = 3003;
    private static final int REST_API_PUT = 3004;
    private static final int LOOKUP_PATIENT = 3005;
    private static final int LOOKUP_STUDY = 3006;
    private static final int LOOKUP_SERIES = 3007;
    private static final int LOOKUP_INSTANCE = 3008;
    private static final int CALL_REST_API = 3016;

    private static final int DESCRIPTION = 1;
    private static final int ROOT_URI = 2;
    private static final int ORTHANC_EXPLORER = 3;

    private final LoaderFunctions functions;
    private final String token;
    private final OrthancLog log = new OrthancLog(this);

    Orthanc(LoaderFunctions functions) {
        this(functions, ArrivalContext.NO_TOKEN);
    }

    private Orthanc(LoaderFunctions functions, String token) {
        this.functions = functions;
        this.token = ArrivalContext.requireToken(token);
    }

    /** The same Orthanc; what its calls store arrives with this token (see {@link ArrivalContext#token}). */
    public Orthanc withToken(String arrivals) {
        return new Orthanc(functions, arrivals);
    }

    /** Orthanc's log with Strongroom's prefix. */
    public OrthancLog log() {
        return log;
    }

    public void logError(String message) {
        log(LOG_ERROR, message);
    }

    public void logWarning(String message) {
        log(LOG_WARNING, message);
    }

    public void logInfo(String message) {
        log(LOG_INFO, message);
    }

    private void log(int service, String message) {
        try (SdkCall call = new SdkCall(functions, token)) {
            call.tryInvoke(service, call.text(message)); // a line that cannot be written has nowhere to be reported
        }
    }

    /** For example {@code 1.10.1}; {@code mainline} for an unreleased build. */
    public String getOrthancVersion() {
        return functions.orthancVersion();
    }

    /** The merged configuration as JSON; environment variables are substituted. */
    public String getConfiguration() {
        return retrieve(GET_CONFIGURATION, null);
    }

    /** Path of the configuration file or folder; empty if there is none. */
    public String getConfigurationPath() {
        return retrieve(GET_CONFIGURATION_PATH, null);
    }

    public String getOrthancPath() {
        return retrieve(GET_ORTHANC_PATH, null);
    }

    public String getOrthancDirectory() {
        return retrieve(GET_ORTHANC_DIRECTORY, null);
    }

    public String generateUuid() {
        return retrieve(GENERATE_UUID, null);
    }

    /** Orthanc's id of the patient with this PatientID; empty if there is none. */
    public String lookupPatient(String patientId) {
        return retrieve(LOOKUP_PATIENT, patientId);
    }

    /** Orthanc's id of the study with this StudyInstanceUID; empty if there is none. */
    public String lookupStudy(String studyInstanceUid) {
        return retrieve(LOOKUP_STUDY, studyInstanceUid);
    }

    /** Orthanc's id of the series with this SeriesInstanceUID; empty if there is none. */
    public String lookupSeries(String seriesInstanceUid) {
        return retrieve(LOOKUP_SERIES, seriesInstanceUid);
    }

    /** Orthanc's id of the instance with this SOPInstanceUID; empty if there is none. */
    public String lookupInstance(String sopInstanceUid) {
        return retrieve(LOOKUP_INSTANCE, sopInstanceUid);
    }

    // _OrthancPluginRetrieveDynamicString: char** result, const char* argument
    private String retrieve(int service, String argument) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory result = call.struct(8);
            Memory parameters = call.struct(16);
            parameters.setPointer(0, result);
            parameters.setPointer(8, argument == null ? null : call.text(argument));
            call.invoke(service, parameters);
            return call.takeString(result);
        }
    }

    /** A value kept in Orthanc's index; properties from 1024 on are for plugins. */
    public String getGlobalProperty(int property, String defaultValue) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory result = call.struct(8);
            Memory parameters = globalProperty(call, result, property, defaultValue);
            call.invoke(GET_GLOBAL_PROPERTY, parameters);
            return call.takeString(result);
        }
    }

    public void setGlobalProperty(int property, String value) {
        try (SdkCall call = new SdkCall(functions, token)) {
            call.invoke(SET_GLOBAL_PROPERTY, globalProperty(call, null, property, value));
        }
    }

    // _OrthancPluginGlobalProperty: char** result, int32 property, const char* value
    private static Memory globalProperty(SdkCall call, Memory result, int property, String value) {
        Memory parameters = call.struct(24);
        parameters.setPointer(0, result);
        parameters.setInt(8, property);
        parameters.setPointer(16, call.text(value));
        return parameters;
    }

    /** A value at {@code /tools/metrics-prometheus}. */
    public void setMetricsValue(String name, float value) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory parameters = call.struct(16); // const char* name, float value, int type
            parameters.setPointer(0, call.text(name));
            parameters.setFloat(8, value);
            call.invoke(SET_METRICS_VALUE, parameters);
        }
    }

    public void setDescription(String description) {
        setProperty(DESCRIPTION, description);
    }

    /** Where Orthanc Explorer's plugin page links to. */
    public void setRootUri(String uri) {
        setProperty(ROOT_URI, uri);
    }

    /** Adds JavaScript to Orthanc Explorer. */
    public void extendOrthancExplorer(String javaScript) {
        setProperty(ORTHANC_EXPLORER, javaScript);
    }

    // _OrthancPluginSetPluginProperty: const char* plugin, int property, const char* value
    private void setProperty(int property, String value) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory parameters = call.struct(24);
            parameters.setPointer(0, call.text(functions.pluginName()));
            parameters.setInt(8, property);
            parameters.setPointer(16, call.text(value));
            call.invoke(SET_PLUGIN_PROPERTY, parameters);
        }
    }

    /** A DICOM file as Orthanc's full JSON, without pixels and other binary values. */
    public String dicomBufferToJson(byte[] dicom) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory result = call.struct(8);
            Memory parameters =
                    call.struct(48); // result, instanceId, buffer, uint32 size, format, flags, maxStringLength
            parameters.setPointer(0, result);
            parameters.setPointer(16, call.bytes(dicom));
            parameters.setInt(24, dicom.length);
            parameters.setInt(28, 1);
            parameters.setInt(32, 0);
            parameters.setInt(36, 0);
            call.invoke(DICOM_BUFFER_TO_JSON, parameters);
            return call.takeString(result);
        }
    }

    /**
     * A DICOM file.
     *
     * @param json values by tag, sequences as arrays of the same; in the character set that it names
     */
    public byte[] createDicom(String json) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory file = call.buffer();
            Memory parameters = call.struct(32); // _OrthancPluginCreateDicom: target, json, pixelData, flags
            parameters.setPointer(0, file);
            parameters.setPointer(8, call.text(json));
            call.invoke(CREATE_DICOM, parameters);
            return call.takeBuffer(file);
        }
    }

    /** GET of Orthanc's own API, plugins left out. */
    public byte[] restApiGet(String uri) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory answer = call.buffer();
            Memory parameters = call.struct(16);
            parameters.setPointer(0, answer);
            parameters.setPointer(8, call.text(uri));
            call.invoke(REST_API_GET, parameters);
            return call.takeBuffer(answer);
        }
    }

    /** POST to Orthanc's own API, plugins left out. */
    public byte[] restApiPost(String uri, byte[] body) {
        return send(REST_API_POST, uri, body);
    }

    /** PUT to Orthanc's own API, plugins left out. */
    public byte[] restApiPut(String uri, byte[] body) {
        return send(REST_API_PUT, uri, body);
    }

    // _OrthancPluginRestApiPostPut: target, uri, body, uint32 size
    private byte[] send(int service, String uri, byte[] body) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory answer = call.buffer();
            Memory parameters = call.struct(32);
            parameters.setPointer(0, answer);
            parameters.setPointer(8, call.text(uri));
            parameters.setPointer(16, call.bytes(body));
            parameters.setInt(24, body.length);
            call.invoke(service, parameters);
            return call.takeBuffer(answer);
        }
    }

    /** DELETE in Orthanc's own API, plugins left out. */
    public void restApiDelete(String uri) {
        try (SdkCall call = new SdkCall(functions, token)) {
            call.invoke(REST_API_DELETE, call.text(uri));
        }
    }

    /**
     * Any request to Orthanc's REST API, with its HTTP status.
     *
     * @param afterPlugins whether plugins are asked first, ourselves included: never from a {@link RestHandler}
     */
    public HttpAnswer callRestApi(
            HttpMethod method, String uri, Map<String, String> headers, byte[] body, boolean afterPlugins) {
        try (SdkCall call = new SdkCall(functions, token)) {
            Memory answer = call.buffer();
            Memory answerHeaders = call.buffer();
            Memory status = call.struct(8);
            List<String> keys = new ArrayList<>(headers.keySet());
            List<String> values = keys.stream().map(headers::get).toList();
            Memory parameters = call.struct(80); // _OrthancPluginCallRestApi
            parameters.setPointer(0, answer);
            parameters.setPointer(8, answerHeaders);
            parameters.setPointer(16, status);
            parameters.setInt(24, method.code);
            parameters.setPointer(32, call.text(uri));
            parameters.setInt(40, keys.size());
            parameters.setPointer(48, call.texts(keys));
            parameters.setPointer(56, call.texts(values));
            parameters.setPointer(64, call.bytes(body));
            parameters.setInt(72, body.length);
            parameters.setByte(76, (byte) (afterPlugins ? 1 : 0));
            call.invoke(CALL_REST_API, parameters);
            String sent = new String(call.takeBuffer(answerHeaders), StandardCharsets.UTF_8);
            return new HttpAnswer(Short.toUnsignedInt(status.getShort(0)), sent, call.takeBuffer(answer));
        }
    }

    /** Whether this Orthanc is at least that version. */
    public boolean checkVersionAdvanced(int major, int minor, int revision) {
        String version = getOrthancVersion();
        if (version.equals("mainline")) {
            return true;
        }
        String[] parts = version.split("\\.", -1);
        int[] wanted = {major, minor, revision};
        try {
            for (int i = 0; i < wanted.length; i++) {
                int have = i < parts.length ? Integer.parseInt(parts[i]) : 0;
                if (have != wanted[i]) {
                    return have > wanted[i];
                }
            }
        } catch (NumberFormatException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's version is not a number")
                    .with("version", version)
                    .causedBy(e);
        }
        return true;
    }
}
