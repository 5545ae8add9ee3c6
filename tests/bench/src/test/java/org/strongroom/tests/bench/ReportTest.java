package org.strongroom.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
    @TempDir
    Path folder;

    @Test
    void everyChartIsXmlAndNothingIsTakenForMarkup() throws Exception {
        Figures figures = new Figures();
        for (Who who : Who.values()) {
            figures.sample("ingest.rest.4", who, 50);
            figures.sample("ingest.rest.4", who, 60);
        }
        figures.close("ingest.rest.4", "perSecond");
        figures.sample("cold.first.30ms", Who.STRONGROOM, 0);
        figures.close("cold.first.30ms", "seconds");

        Path file = folder.resolve("report.html");
        Report.write(file, "<b> & \"more\"", Plan.QUICK, figures.all());

        String page = Files.readString(file);
        assertThat(page).contains("<p>&lt;b&gt; &amp; &quot;more&quot;</p>").doesNotContain("<script");
        List<String> charts = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(charts).hasSize(2);
        for (String chart : charts) {
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(chart)));
        }
        assertThat(charts.get(0)).contains(Who.RCLONE.title()).contains("REST, 4 senders");
    }
}
