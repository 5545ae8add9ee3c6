package org.strongroom.plugin.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class TreeTest {
    private static Manifest.Entry entry(String file, String patient, String study, String series) {
        return new Manifest.Entry(file, UUID.randomUUID(), "", 1, patient, study, series, "1", "");
    }

    @Test
    void eachLevelIsNumberedAndEveryNameFitsAFileSet() {
        Tree tree = new Tree();
        assertThat(tree.next("A", "1", "1")).isEqualTo("DICOM/PA000001/ST000001/SE000001/IM000001");
        assertThat(tree.next("A", "1", "1")).isEqualTo("DICOM/PA000001/ST000001/SE000001/IM000002");
        assertThat(tree.next("A", "1", "2")).isEqualTo("DICOM/PA000001/ST000001/SE000002/IM000001");
        assertThat(tree.next("B", "1", "1")).isEqualTo("DICOM/PA000002/ST000001/SE000001/IM000001");
        assertThat(tree.next("A", "2", "1")).isEqualTo("DICOM/PA000001/ST000002/SE000001/IM000001");
    }

    @Test
    void afterAnInterruptionItGoesOnBehindWhatIsThere() {
        Tree tree = new Tree();
        tree.note(entry("DICOM/PA000001/ST000001/SE000001/IM000003", "A", "1", "1"));
        tree.note(entry("DICOM/PA000001/ST000001/SE000001/IM000002", "A", "1", "1"));
        tree.note(entry("OTHER/x", "", "", ""));
        assertThat(tree.next("A", "1", "1")).isEqualTo("DICOM/PA000001/ST000001/SE000001/IM000004");
        assertThat(tree.next("A", "1", "9")).isEqualTo("DICOM/PA000001/ST000001/SE000002/IM000001");
        assertThat(tree.next("B", "1", "1")).isEqualTo("DICOM/PA000002/ST000001/SE000001/IM000001");
    }
}
