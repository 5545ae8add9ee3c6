package org.strongroom.plugin.keyservice;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.credential.SecretFile;

/** What signs requests to AWS. Immutable. */
record AwsCredentials(String accessKey, Secret secretKey, Optional<Secret> sessionToken) {
    private static final String SETTING = "RootKey.AwsKms.CredentialsFile";

    /**
     * One profile of a credentials file in AWS's format.
     *
     * @throws StrongroomException REFUSED if it is not there, without its content
     */
    static AwsCredentials read(Path file, String profile) {
        byte[] content = SecretFile.read(SETTING, file);
        Map<String, String> values;
        try {
            values = section(new String(content, StandardCharsets.UTF_8), profile);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
        String accessKey = values.get("aws_access_key_id");
        String secretKey = values.get("aws_secret_access_key");
        if (accessKey == null || secretKey == null) {
            throw SecretFile.refused(SETTING, file, "does not hold these credentials")
                    .with("profile", profile)
                    .cure("Write [" + profile + "], aws_access_key_id = … and aws_secret_access_key = … into it");
        }
        return new AwsCredentials(
                accessKey,
                Secret.of(secretKey),
                Optional.ofNullable(values.get("aws_session_token")).map(Secret::of));
    }

    private static Map<String, String> section(String text, String profile) {
        Map<String, String> values = new HashMap<>();
        boolean inside = false;
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                inside = line.equals("[" + profile + "]");
            } else if (inside && equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                values.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return values;
    }
}
