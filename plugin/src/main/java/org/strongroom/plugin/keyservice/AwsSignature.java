package org.strongroom.plugin.keyservice;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 of a POST without a query, as the AWS General Reference describes it. Immutable.
 *
 * @param service as AWS abbreviates it
 */
record AwsSignature(String region, String service, AwsCredentials credentials) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String END = "aws4_request";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of();

    /** The headers that make this request a signed one; all of {@code headers} are signed, and the host. */
    Map<String, String> sign(URI address, Map<String, String> headers, byte[] body, Instant now) {
        String time = TIME.format(now);
        Map<String, String> added = new LinkedHashMap<>();
        added.put("X-Amz-Date", time);
        credentials.sessionToken().ifPresent(token -> added.put("X-Amz-Security-Token", token.reveal()));

        SortedMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value.strip()));
        added.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value.strip()));
        signed.put("host", address.getRawAuthority());
        String names = String.join(";", signed.keySet());
        String canonical = "POST\n" + address.getRawPath() + "\n\n"
                + signed.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + sha256(body);

        String day = time.substring(0, 8);
        String scope = String.join("/", day, region, service, END);
        String toSign = String.join("\n", ALGORITHM, time, scope, sha256(bytes(canonical)));
        byte[] key = hmac(bytes("AWS4" + credentials.secretKey().reveal()), day);
        for (String part : new String[] {region, service, END}) {
            key = hmac(key, part);
        }
        added.put(
                "Authorization",
                ALGORITHM + " Credential=" + credentials.accessKey() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + HEX.formatHex(hmac(key, toSign)));
        return added;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
