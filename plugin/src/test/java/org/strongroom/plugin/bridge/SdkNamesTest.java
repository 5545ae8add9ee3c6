package org.strongroom.plugin.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever has written a plugin with Orthanc's own Java SDK knows our names already. */
class SdkNamesTest {
    /** Of the methods of {@code be.uclouvain.orthanc.Functions}, and of services that it has not wrapped, by the rule of its names. */
    private static final Set<String> KNOWN = Set.of(
            "callRestApi",
            "checkVersionAdvanced",
            "dicomBufferToJson",
            "extendOrthancExplorer",
            "generateUuid",
            "getConfiguration",
            "getConfigurationPath",
            "getGlobalProperty",
            "getOrthancDirectory",
            "getOrthancPath",
            "logError",
            "logInfo",
            "logWarning",
            "lookupInstance",
            "lookupPatient",
            "lookupSeries",
            "lookupStudy",
            "restApiDelete",
            "restApiGet",
            "restApiPost",
            "restApiPut",
            "setDescription",
            "setGlobalProperty",
            "setMetricsValue",
            "setRootUri");

    /** What that SDK has no word for: the context's version, a log with a prefix, calls that say on whose behalf, a file made of JSON. */
    private static final Set<String> OURS = Set.of("getOrthancVersion", "log", "withToken", "createDicom");

    @Test
    void areThoseOfTheJavaSdk() {
        assertThat(Stream.of(Orthanc.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .collect(Collectors.toSet()))
                .isEqualTo(Stream.of(KNOWN, OURS).flatMap(Set::stream).collect(Collectors.toSet()));
    }

    @Test
    void ofMethodsAreThoseOfHttp() {
        assertThat(HttpMethod.values()).extracting(Enum::name).containsExactly("GET", "POST", "PUT", "DELETE");
    }
}
