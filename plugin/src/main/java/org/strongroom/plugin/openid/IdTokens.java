package org.strongroom.plugin.openid;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.strongroom.core.secret.Secret;

/** Whether an ID token is the provider's, for this client and this browser, and of now (OpenID Connect Core 1.0 §3.1.3.7). Thread-safe. */
final class IdTokens {
    /** By a private key only: with HMAC, whoever knows the client's secret could sign; "none" is nobody's signature. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final long SKEW_SECONDS = 60;
    /** A token that was made long ago was not made for this login. */
    private static final long OLDEST_SECONDS = 600;

    private static final int LONGEST = 64 * 1024;
    private static final int LONGEST_SUBJECT = 255;

    private final String issuer;
    private final String client;
    private final Keys keys;
    private final InstantSource clock;
    private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();

    IdTokens(String issuer, String client, Keys keys, InstantSource clock) {
        this.issuer = issuer;
        this.client = client;
        this.keys = keys;
        this.clock = clock;
        signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        signatures.setJWTClaimsSetVerifier((claims, context) -> {}); // check() does, with the clock of this process
    }

    /** The token's claims, all of them believed. */
    JWTClaimsSet check(String token, String nonce) throws Refusal, Trouble {
        try {
            if (token.length() > LONGEST) {
                throw new Refusal("the ID token is too long");
            }
            SignedJWT signed = SignedJWT.parse(token);
            if (!ALGORITHMS.contains(signed.getHeader().getAlgorithm())) {
                throw new Refusal("the ID token is signed in a way that is not taken");
            }
            keys.expect(signed.getHeader().getKeyID());
            JWTClaimsSet claims = signatures.process(signed, null);
            checkWhom(claims);
            checkTimes(claims);
            if (!Secret.of(nonce).matches(String.valueOf(claims.getClaim("nonce")))) {
                throw new Refusal("the ID token is for another login");
            }
            return claims;
        } catch (ParseException e) {
            throw new Refusal("the ID token is none, or not signed", e);
        } catch (BadJOSEException | JOSEException e) {
            throw new Refusal("the ID token is not signed by the provider", e);
        }
    }

    private void checkWhom(JWTClaimsSet claims) throws Refusal {
        List<String> audience = claims.getAudience();
        Object party = claims.getClaim("azp");
        if (!issuer.equals(claims.getIssuer())) {
            throw new Refusal("the ID token is another issuer's");
        }
        if (!audience.contains(client)
                || (party != null && !party.equals(client))
                || (audience.size() > 1 && party == null)) {
            throw new Refusal("the ID token is for another client");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
            throw new Refusal("the ID token names nobody");
        }
    }

    private void checkTimes(JWTClaimsSet claims) throws Refusal {
        Instant now = clock.instant();
        Instant earliest = now.minusSeconds(SKEW_SECONDS);
        Instant latest = now.plusSeconds(SKEW_SECONDS);
        Date ends = claims.getExpirationTime();
        Date made = claims.getIssueTime();
        Date begins = claims.getNotBeforeTime();
        if (ends == null || made == null) {
            throw new Refusal("the ID token does not say when it is good");
        }
        if (!ends.toInstant().isAfter(earliest) || made.toInstant().isBefore(now.minusSeconds(OLDEST_SECONDS))) {
            throw new Refusal("the ID token is too old");
        }
        if (made.toInstant().isAfter(latest)
                || (begins != null && begins.toInstant().isAfter(latest))) {
            throw new Refusal("the ID token is not good yet: compare the clocks");
        }
    }
}
