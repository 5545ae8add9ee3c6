package org.strongroom.sidecar.tier;

import java.io.IOException;
import javax.net.ssl.SSLException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.S3Settings;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failed request to a bucket means, and what to do. */
final class S3Failures extends StoreFailures {
    S3Failures(String tier, S3Settings settings) {
        super(tier, "bucket", settings.bucket());
    }

    /** The HTTP status behind one of our failures; 0 if the store did not answer. */
    static int status(StrongroomException e) {
        return e.getCause() instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    /** The store's error code behind one of our failures; empty if there is none. */
    static String code(StrongroomException e) {
        return e.getCause() instanceof AwsServiceException answer ? code(answer) : "";
    }

    /** The error code of the store's answer; empty if it sent none. */
    private static String code(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    /** Whether a store says so that an object has no lock; Ceph uses the bucket's word. */
    static boolean isNoLock(String code) {
        return code.equals("NoSuchObjectLockConfiguration") || code.equals("ObjectLockConfigurationNotFoundError");
    }

    StrongroomException map(SdkException e) {
        StrongroomException own = find(e, StrongroomException.class);
        if (own != null) {
            return own; // the bytes to send failed, not the store
        }
        return e instanceof AwsServiceException answer
                ? answered(answer).causedBy(e)
                : unanswered(e).causedBy(e);
    }

    @Override
    StrongroomException stranger() {
        return of(FailureKind.UNAVAILABLE, "what answers is not an S3 store, or not the right one")
                .cure("Check Endpoint and the line");
    }

    /** The SDK cannot even make the request: a file with credentials that is none, or a tier that was closed. */
    StrongroomException unusable(RuntimeException e) {
        return of(FailureKind.REFUSED, "the settings for the store cannot be used")
                .cure("Check that CredentialsFile is in the AWS format and that Region and Endpoint are right")
                .causedBy(e);
    }

    private StrongroomException answered(AwsServiceException e) {
        String code = code(e);
        return switch (code) {
            case "NoSuchKey", "NoSuchVersion" -> absent();
            case "NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError" ->
                of(FailureKind.NOT_FOUND, "the store has no lock there");
            case "NoSuchUpload", "InvalidPart" -> unknownUpload();
            case "NoSuchBucket" ->
                of(FailureKind.REFUSED, "the bucket does not exist")
                        .cure("Make the bucket, or correct Bucket, Endpoint or Region");
            case "SignatureDoesNotMatch",
                    "InvalidAccessKeyId",
                    "InvalidToken",
                    "ExpiredToken",
                    "AuthFailure",
                    "InvalidSecurity" -> wrongCredentials(code);
            case "RequestTimeTooSkewed", "RequestExpired" -> clocksDiffer();
            case "InvalidObjectState" -> archived();
            case "InvalidRange" -> tooShort();
            case "PreconditionFailed" -> exists();
            case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "IncompleteBody" ->
                changedOnTheWay();
            case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull" ->
                of(FailureKind.FULL, "the bucket is full").cure("Raise the bucket's quota");
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException" ->
                of(FailureKind.REFUSED, "the bucket is in another region").cure("Correct Region or Endpoint");
            case "InvalidStorageClass" ->
                of(FailureKind.REFUSED, "the store does not have this storage class")
                        .cure("Correct StorageClass");
            case "RequestTimeout", "OperationAborted", "ConditionalRequestConflict" -> tryAgain(code);
            default -> byStatus(e.statusCode(), code);
        };
    }

    private StrongroomException unanswered(SdkException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Unable to load credentials")
                || message.contains("Profile file contained no credentials")) {
            return of(FailureKind.REFUSED, "there are no credentials for the store")
                    .cure("Set CredentialsFile (and Profile), or give the sidecar credentials by environment or role");
        }
        SSLException tls = find(e, SSLException.class);
        IOException io = tls == null ? find(e, IOException.class) : tls;
        if (io != null) {
            return unanswered(io);
        }
        if (e instanceof ApiCallTimeoutException) {
            return late();
        }
        return stranger();
    }

    private static <T extends Throwable> T find(Throwable e, Class<T> type) {
        Throwable each = e;
        for (int depth = 0; each != null && depth < 20; depth++, each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }
}
