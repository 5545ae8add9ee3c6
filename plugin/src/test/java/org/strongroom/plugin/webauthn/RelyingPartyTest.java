package org.strongroom.plugin.webauthn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.webauthn.SoftKey.Kind;

/** What a key must have said to be believed. */
class RelyingPartyTest {
    private static final String CHALLENGE = SoftKey.text(new byte[32]);
    private static final String OTHER =
            SoftKey.text("another one, which is not asked".getBytes(StandardCharsets.UTF_8));

    private final RelyingParty party = new RelyingParty(Settings.parse(
                    """
                    {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/k"},
                     "Access": {"Login": {"Address": "https://PACS.clinic.example:443/orthanc"}}}}""")
            .access()
            .login()
            .address()
            .orElseThrow());

    private Credential added(SoftKey key) {
        return party.created(key.create(CHALLENGE), CHALLENGE).orElseThrow();
    }

    private static SoftKey counting(int from) {
        SoftKey key = new SoftKey(Kind.ES256);
        key.counts = true;
        key.counter = from;
        return key;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKeyIsAddedAndShown(Kind kind) {
        SoftKey key = new SoftKey(kind);
        Credential known = added(key);
        assertThat(known.id()).isEqualTo(SoftKey.text(key.id));
        assertThat(party.shown(key.show(OTHER), known, OTHER)).isEqualTo(new Verdict.Shown(0));
        assertThat(party.shown(key.show(CHALLENGE), known, CHALLENGE)).isEqualTo(new Verdict.Shown(0));
    }

    private void notAdded(Consumer<SoftKey> change) {
        SoftKey key = new SoftKey(Kind.ES256);
        change.accept(key);
        assertThat(party.created(key.create(CHALLENGE), CHALLENGE)).isEmpty();
    }

    @Test
    void aKeyIsNotAddedFromElsewhere() {
        notAdded(key -> key.origin = "https://pacs.clinic.example.evil.example");
        notAdded(key -> key.origin = "http://pacs.clinic.example");
        notAdded(key -> key.origin = "https://pacs.clinic.example:8443");
        notAdded(key -> key.host = "clinic.example");
        notAdded(key -> key.touched = false);
        notAdded(key -> key.inAnotherSite = true);
        SoftKey key = new SoftKey(Kind.ES256);
        assertThat(party.created(key.create(OTHER), CHALLENGE)).isEmpty();
        Assertion shown = key.show(CHALLENGE);
        assertThat(party.created(new Creation(shown.client(), shown.authenticator()), CHALLENGE))
                .isEmpty();
    }

    private void notShown(Consumer<SoftKey> change) {
        SoftKey key = new SoftKey(Kind.ES256);
        Credential known = added(key);
        change.accept(key);
        assertThat(party.shown(key.show(CHALLENGE), known, CHALLENGE)).isEqualTo(new Verdict.Wrong());
    }

    @Test
    void aKeyIsNotBelievedFromElsewhere() {
        notShown(key -> key.origin = "https://pacs.evil.example");
        notShown(key -> key.origin = "http://pacs.clinic.example");
        notShown(key -> key.host = "evil.example");
        notShown(key -> key.touched = false);
        notShown(key -> key.inAnotherSite = true);
        notShown(key -> key.copiesInTheCloud = true); // it said otherwise when it was added
    }

    @Test
    void anAnswerIsToItsOwnQuestion() {
        SoftKey key = new SoftKey(Kind.ES256);
        Credential known = added(key);
        assertThat(party.shown(key.show(OTHER), known, CHALLENGE)).isEqualTo(new Verdict.Wrong());
        assertThat(party.shown(key.show("webauthn.create", CHALLENGE), known, CHALLENGE))
                .isEqualTo(new Verdict.Wrong());
    }

    @Test
    void anotherKeyWithTheSameNameIsAnother() {
        SoftKey key = new SoftKey(Kind.ES256);
        Credential known = added(key);
        SoftKey thief = new SoftKey(Kind.ES256);
        System.arraycopy(key.id, 0, thief.id, 0, key.id.length);
        assertThat(party.shown(thief.show(CHALLENGE), known, CHALLENGE)).isEqualTo(new Verdict.Wrong());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noBitOfAnAnswerCanBeChanged(Kind kind) {
        SoftKey key = new SoftKey(kind);
        key.counts = true;
        Credential known = added(key);
        Assertion right = key.show(CHALLENGE);
        for (int part = 0; part < 3; part++) {
            String text = part == 0 ? right.client() : part == 1 ? right.authenticator() : right.signature();
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << (bit % 8));
                String bent = SoftKey.text(bytes);
                Assertion answer = new Assertion(
                        right.id(),
                        part == 0 ? bent : right.client(),
                        part == 1 ? bent : right.authenticator(),
                        part == 2 ? bent : right.signature(),
                        "");
                assertThat(party.shown(answer, known, CHALLENGE))
                        .as("part %d, bit %d", part, bit)
                        .isEqualTo(new Verdict.Wrong());
                bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            }
        }
        assertThat(party.shown(right, known, CHALLENGE)).isInstanceOf(Verdict.Shown.class);
    }

    @Test
    void aKeyThatCountsBackwardsIsACopy() {
        SoftKey key = counting(40);
        Credential known = added(key);
        assertThat(known.counter()).isEqualTo(41);
        assertThat(party.shown(key.show(CHALLENGE), known, CHALLENGE)).isEqualTo(new Verdict.Shown(42));
        Credential later = known.countedTo(43);
        assertThat(party.shown(key.show(CHALLENGE), later, CHALLENGE))
                .as("the same number twice")
                .isEqualTo(new Verdict.Copied());
        key.counter = 7;
        assertThat(party.shown(key.show(CHALLENGE), later, CHALLENGE)).isEqualTo(new Verdict.Copied());
        key.counts = false;
        key.counter = 0;
        assertThat(party.shown(key.show(CHALLENGE), later, CHALLENGE))
                .as("it had a counter")
                .isEqualTo(new Verdict.Copied());
        key.counter = 50;
        assertThat(party.shown(key.show(CHALLENGE), later, CHALLENGE)).isEqualTo(new Verdict.Shown(50));
    }

    @Test
    void whatIsNoAnswerIsWrong() {
        SoftKey key = new SoftKey(Kind.ES256);
        Credential known = added(key);
        Creation made = key.create(CHALLENGE);
        for (String nothing : new String[] {"", "%%%", "AAAA", made.client(), made.attestation()}) {
            assertThat(party.shown(new Assertion(known.id(), nothing, nothing, nothing, ""), known, CHALLENGE))
                    .isEqualTo(new Verdict.Wrong());
            assertThat(party.created(new Creation(nothing, nothing), CHALLENGE)).isEmpty();
        }
        byte[] attestation = Base64.getUrlDecoder().decode(made.attestation());
        for (int length = 0; length < attestation.length; length++) {
            String cut = SoftKey.text(Arrays.copyOf(attestation, length));
            assertThat(party.created(new Creation(made.client(), cut), CHALLENGE))
                    .as("cut to %d", length)
                    .isEmpty();
        }
    }
}
