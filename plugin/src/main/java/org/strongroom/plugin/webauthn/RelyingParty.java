package org.strongroom.plugin.webauthn;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.settings.WebAddress;

/**
 * This Orthanc as security keys know it. Its name and origin are the settings', never a request's. The key is a second factor: it must be
 * touched; whether it asks for a PIN or a finger is its own affair. Who made the key is not asked. Thread-safe.
 */
public final class RelyingParty {
    /** ES256, EdDSA, RS256 (IANA COSE): between them, what every key can. */
    public static final List<Long> ALGORITHMS = List.of(-7L, -8L, -257L);

    private final String id;
    private final String origin;

    /** @param address with a name */
    public RelyingParty(WebAddress address) {
        this.id = address.host();
        this.origin = address.origin();
    }

    /** The host's name. */
    public String id() {
        return id;
    }

    /** Loaded with the first key that is added or used. */
    private static final class Library {
        static final ObjectConverter CONVERTER = new ObjectConverter();
        static final WebAuthnManager MANAGER = WebAuthnManager.createNonStrictWebAuthnManager(CONVERTER);
        static final AttestedCredentialDataConverter DATA = new AttestedCredentialDataConverter(CONVERTER);
        static final List<PublicKeyCredentialParameters> ALLOWED = ALGORITHMS.stream()
                .map(COSEAlgorithmIdentifier::create)
                .map(each -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, each))
                .toList();
    }

    /**
     * The key that was made for this challenge; empty if none was.
     *
     * @param challenge in base64url; used for this answer only
     */
    public Optional<Credential> created(Creation answer, String challenge) {
        try {
            RegistrationData made = Library.MANAGER.verify(
                    new RegistrationRequest(bytes(answer.attestation()), bytes(answer.client())),
                    new RegistrationParameters(expected(challenge), Library.ALLOWED, false, true));
            if (isElsewhere(made.getCollectedClientData())) {
                return Optional.empty();
            }
            var data = made.getAttestationObject().getAuthenticatorData();
            AttestedCredentialData key = data.getAttestedCredentialData();
            return Optional.of(new Credential(
                    text(key.getCredentialId()),
                    text(Library.DATA.convert(key)),
                    data.getSignCount(),
                    data.isFlagBE()));
        } catch (RuntimeException e) {
            return Optional.empty(); // a stranger wrote it, and a parser may fail in any way
        }
    }

    /**
     * Whether the key is there.
     *
     * @param known the key that {@code answer} names
     * @param challenge in base64url; used for this answer only
     */
    public Verdict shown(Assertion answer, Credential known, String challenge) {
        try {
            byte[] id = bytes(known.id());
            CredentialRecordImpl record = new CredentialRecordImpl(
                    new NoneAttestationStatement(),
                    null,
                    known.backupEligible(),
                    null,
                    known.counter(),
                    Library.DATA.convert(bytes(known.data())),
                    null,
                    null,
                    null,
                    null);
            AuthenticationData shown = Library.MANAGER.verify(
                    new AuthenticationRequest(
                            bytes(answer.id()),
                            bytes(answer.authenticator()),
                            bytes(answer.client()),
                            bytes(answer.signature())),
                    new AuthenticationParameters(expected(challenge), record, List.of(id), false, true));
            if (isElsewhere(shown.getCollectedClientData())) {
                return new Verdict.Wrong();
            }
            return new Verdict.Shown(shown.getAuthenticatorData().getSignCount());
        } catch (MaliciousCounterValueException e) {
            return new Verdict.Copied(); // looked at last: all else was right
        } catch (RuntimeException e) {
            return new Verdict.Wrong(); // a stranger wrote it, and a parser may fail in any way
        }
    }

    /** Our pages are in no frame of another site's. */
    private static boolean isElsewhere(CollectedClientData client) {
        return Boolean.TRUE.equals(client.getCrossOrigin()) || client.getTopOrigin() != null;
    }

    private ServerProperty expected(String challenge) {
        return ServerProperty.builder()
                .origin(new Origin(origin))
                .rpId(id)
                .challenge(new DefaultChallenge(bytes(challenge)))
                .build();
    }

    private static byte[] bytes(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
