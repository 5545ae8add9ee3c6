package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16,10.1.255.3,true",
        "10.1.0.0/16,10.2.0.0,false",
        "10.1.128.0/17,10.1.127.255,false",
        "192.168.1.7,192.168.1.7,true",
        "192.168.1.7,192.168.1.6,false",
        "0.0.0.0/0,8.8.8.8,true",
        "0.0.0.0/0,::1,false",
        "2001:db8::/33,2001:db8:7fff::1,true",
        "2001:db8::/33,2001:db8:8000::1,false"
    })
    void ranges(String range, String address, boolean inside) throws UnknownHostException {
        AddressRange parsed = AddressRange.parse(range);
        assertThat(parsed.contains(InetAddress.getByName(address))).isEqualTo(inside);
        assertThat(AddressRange.parse(parsed.toString())).isEqualTo(parsed);
        assertThat(range).matches(AddressRange.PATTERN);
    }

    @Test
    void aTagThatNobodyReadsIsNoSource() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TagMatch.parse("PatientName=Roe*"))
                .withMessageContaining("InstitutionName");
    }

    /** None of them is looked up as a name. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "beef", "10.1", "10", "10.1.0.0/33", "::/129", "1.2.3.4/", "300.0.0.1", ":"})
    void notRanges(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "InstitutionName=North*,north hospital,true",
        "InstitutionName=North*,The North,false",
        "InstitutionName=North,'North ',true",
        "InstitutionName=North,North 2,false",
        "StationName=*,'',false",
        "StationName=*,CT1,true",
        "Manufacturer=a=b,A=B,true"
    })
    void tags(String text, String value, boolean meant) {
        assertThat(TagMatch.parse(text).matches(value)).isEqualTo(meant);
        assertThat(TagMatch.parse(TagMatch.parse(text).toString())).isEqualTo(TagMatch.parse(text));
    }
}
