package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrthancVersionTest {
    @Test
    void versionsAreComparedByTheirNumbers() {
        OrthancVersion old = OrthancVersion.in("Orthanc version: 1.9.7+dfsg\nCopyright (C) 2012-2016")
                .orElseThrow();
        OrthancVersion young = OrthancVersion.in("1.12.7").orElseThrow();
        assertThat(old).isLessThan(young).hasToString("1.9.7");
        assertThat(young).isEqualByComparingTo(new OrthancVersion(1, 12, 7)).isLessThan(new OrthancVersion(1, 12, 8));
        assertThat(OrthancVersion.in("mainline")).isEmpty();
    }
}
