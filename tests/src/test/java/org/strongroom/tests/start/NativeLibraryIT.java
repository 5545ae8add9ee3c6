package org.strongroom.tests.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Distribution;

/** One library for every Linux with a C library not older than RHEL 8's and Debian 10's (2.28). */
class NativeLibraryIT {

    @Test
    void needsNoNewerCLibrary() {
        String symbols = Command.of("objdump", "-T", Distribution.get().library())
                .run()
                .orFail()
                .output();
        List<Integer> minors = Pattern.compile("GLIBC_2\\.(\\d+)")
                .matcher(symbols)
                .results()
                .map(MatchResult::group)
                .map(name -> Integer.valueOf(name.substring(name.lastIndexOf('.') + 1)))
                .toList();

        assertThat(minors).isNotEmpty().allMatch(minor -> minor <= 28);
    }

    @Test
    void needsNothingButTheCLibrary() {
        String header = Command.of("objdump", "-p", Distribution.get().library())
                .run()
                .orFail()
                .output();

        assertThat(header.lines().filter(line -> line.contains("NEEDED")))
                .allMatch(line -> line.matches("\\s+NEEDED\\s+(libc|libpthread|libdl)\\.so\\..*"));
    }
}
