package org.strongroom.tests.tenancy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.tests.harness.Command;

/** What findscu was answered. */
final class DicomAnswers {
    private static final Pattern ELEMENT = Pattern.compile("\\([0-9a-f]{4},[0-9a-f]{4}\\) [A-Za-z]{2} [^#]*");
    /** Character set and title are the answering Orthanc's. */
    private static final Pattern OWN = Pattern.compile("(?s)\\(0008,00(05|54)\\).*");
    /** Orthancs differ in whether they return a sequence that an image does not have. */
    private static final Pattern EMPTY_SEQUENCE =
            Pattern.compile("\\([0-9a-f]{4},[0-9a-f]{4}\\) SQ [^\n]*\n\\(fffe,e0dd\\)[^\n]*\n");

    private DicomAnswers() {}

    /** Each answer's elements, without the order of the answers, and how it ended. */
    static List<String> of(Command.Result findscu) {
        List<String> answers = new ArrayList<>();
        for (String answer : (findscu.output() + findscu.errors()).split("Find Response", -1)) {
            StringBuilder one = new StringBuilder();
            Matcher element = ELEMENT.matcher(answer);
            while (element.find()) {
                if (!OWN.matcher(element.group()).matches()) {
                    one.append(element.group().strip()).append('\n');
                }
            }
            answers.add(EMPTY_SEQUENCE.matcher(one).replaceAll(""));
        }
        Collections.sort(answers);
        answers.add("status " + findscu.status());
        return answers;
    }
}
