package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.plugin.access.DicomWebRoots;

class DicomWebTest {
    @ParameterizedTest
    @CsvSource({
        "'', /dicom-web, http://pacs/dicom-web",
        "'\"Root\": \"/rs/\"', /rs, http://pacs/rs",
        "'\"PublicRoot\": \"/orthanc/dicom-web/\"', /dicom-web, http://pacs/orthanc/dicom-web",
        "'\"Root\": \"rs\", \"PublicRoot\": \"public//rs\", \"Ssl\": true', /rs, https://pacs/public/rs",
        "'\"PublicRoot\": \"/\"', /dicom-web, http://pacs",
    })
    void addressesHaveThePublicRootAndAnswersTheRoot(String settings, String root, String address) throws Exception {
        String json = "{\"DicomWeb\": {" + settings + "}}";
        DicomWeb web = DicomWeb.of(PlayedOrthanc.read(json.getBytes(StandardCharsets.UTF_8)), DicomWebRoots.of(json));
        assertThat(web.root()).isEqualTo(root);
        assertThat(web.address(Map.of("host", "pacs"))).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "'\"StudiesMetadata\": \"Full\", \"SeriesMetadata\": \"Full\"', true",
        "'\"StudiesMetadata\": \"MainDicomTags\"', false",
        "'\"SeriesMetadata\": \"Extrapolate\"', false",
    })
    void metadataAreOfFilesUnlessTheSettingsSayOtherwise(String settings, boolean ofFiles) throws Exception {
        String json = "{\"DicomWeb\": {" + settings + "}}";
        DicomWeb web = DicomWeb.of(PlayedOrthanc.read(json.getBytes(StandardCharsets.UTF_8)), DicomWebRoots.of(json));
        assertThat(web.metadataOfFiles()).isEqualTo(ofFiles);
    }
}
