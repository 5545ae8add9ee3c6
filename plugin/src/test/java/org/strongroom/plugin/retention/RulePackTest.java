package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packs that come with Strongroom are whole, and as reviewed. */
class RulePackTest {
    @Test
    void everyPackIsWhole() {
        Set<String> ids = new HashSet<>();
        for (String name : RulePack.NAMES) {
            RulePack pack = RulePack.load(name);
            assertThat(pack.title()).isNotBlank();
            assertThat(pack.rules()).isNotEmpty();
            for (Rule rule : pack.rules()) {
                assertThat(ids.add(rule.id())).as(rule.id()).isTrue();
                assertThat(rule.textDate()).as(rule.id()).isPresent();
            }
        }
    }

    /** Whoever changes a law changes this line as well, and a reviewer sees it. */
    @Test
    void everyRuleIsAsReviewed() {
        List<String> lines = RulePack.NAMES.stream()
                .sorted()
                .flatMap(name -> RulePack.load(name).rules().stream())
                .map(rule -> rule.id() + " " + rule.years() + " " + rule.start()
                        + (rule.modalities().isEmpty() ? "" : " " + rule.modalities())
                        + (rule.except().isEmpty()
                                ? ""
                                : " not " + rule.except().size())
                        + rule.purpose().map(purpose -> " " + purpose).orElse("")
                        + (rule.from().isPresent() ? " from " + rule.from().getAsInt() : "")
                        + (rule.under().isPresent() ? " under " + rule.under().getAsInt() : ""))
                .toList();
        assertThat(lines)
                .containsExactly(
                        "DE/treatment 30 CONTACT TREATMENT",
                        "DE/radiation 10 CONTACT not 21",
                        "DE/radiation-minor 28 BIRTH not 21 under 18",
                        "DE/record 10 CONTACT",
                        "FR/record 20 CONTACT",
                        "FR/young 28 BIRTH",
                        "GB-ENG/adult 8 CONTACT",
                        "GB-ENG/child 25 BIRTH under 18",
                        "GB-ENG/seventeen 26 BIRTH from 17 under 18",
                        "GB-ENG/any-diagnosis 30 CONTACT",
                        "NL/record 20 CONTACT",
                        "US/radiology 5 STUDY",
                        "US/mammography 10 STUDY [MG]",
                        "US-CA/record 7 CONTACT",
                        "US-CA/minor 19 BIRTH under 18",
                        "US-CO/record 10 CONTACT",
                        "US-CO/minor 28 BIRTH under 18",
                        "US-TX/record 10 CONTACT",
                        "US-TX/minor 20 BIRTH under 18");
    }

    @Test
    void aStateBringsItsCountry() {
        assertThat(RulePack.rules(List.of("US-CA", "US-TX")).stream().map(Rule::id))
                .containsExactly(
                        "US-CA/record", "US-CA/minor", "US/radiology", "US/mammography", "US-TX/record", "US-TX/minor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'title':'t','rules':[{'id':'a','citation':'c','text':'2020-01-01','years':1,'start':'study','undr':18}]}",
                "{'title':'t','rule':[]}",
                "{'title':'t'}",
                "{'title':'t','rules':[{'id':'a','citation':' ','text':'2020-01-01','years':1,'start':'study'}]}",
                "{'title':'t','rules':[{'id':'a','citation':'c','text':'2020-01-01','years':0,'start':'study'}]}",
                "{'title':'t','rules':[{'id':'a','citation':'c','text':'2020-01-01','years':'ten','start':'study'}]}",
                "{'title':'t','rules':[{'id':'a','citation':'c','text':'2020-01-01','years':1,'start':'visit'}]}",
                "{'title':'t','rules':[{'id':'a','citation':'c','text':'2020-01-01','years':1,'start':'birth','from':18,'under':18}]}",
            })
    void whatIsNotUnderstoodIsNoRule(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RulePack.parse("XX", new ObjectMapper().readTree(json.replace('\'', '"'))));
    }
}
