package org.strongroom.sidecar.tier;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.S3Settings;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failed request to a bucket means, and what to do. */
final class S3Failures {
    private final String tier;
    private final S3Settings settings;

    S3Failures(String tier, S3Settings settings) {
        this.tier = tier;
        this.settings = settings;
    }

    /** The HTTP status behind one of our failures; 0 if the store did not answer. */
    static int status(StrongroomException e) {
        return e.getCause() instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    /** The error code of the store's answer; empty if it sent none. */
    private static String code(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    StrongroomException of(FailureKind kind, String text) {
        return StrongroomException.of(kind, text).with("tier", tier).with("bucket", settings.bucket());
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

    StrongroomException notS3() {
        return of(FailureKind.UNAVAILABLE, "what answers is not an S3 store, or not the right one")
                .cure("Check Endpoint and the line");
    }

    StrongroomException tooShort() {
        return of(FailureKind.CORRUPT, "an object in the tier is shorter than it was");
    }

    StrongroomException exists() {
        return of(FailureKind.REFUSED, "the tier already has an object of this name");
    }

    StrongroomException absent() {
        return of(FailureKind.NOT_FOUND, "the tier does not have this object");
    }

    StrongroomException unknownUpload() {
        return of(FailureKind.NOT_FOUND, "the tier does not know this upload or one of its parts");
    }

    /** The SDK cannot even make the request: a file with credentials that is none, or a tier that was closed. */
    StrongroomException unusable(RuntimeException e) {
        return of(FailureKind.REFUSED, "the settings for the store cannot be used")
                .cure("Check that CredentialsFile is in the AWS format and that Region and Endpoint are right")
                .causedBy(e);
    }

    /** A body that broke off. */
    StrongroomException broken(IOException e) {
        return of(FailureKind.UNAVAILABLE, text(e)).causedBy(e);
    }

    private StrongroomException answered(AwsServiceException e) {
        String code = code(e);
        return switch (code) {
            case "NoSuchKey" -> absent();
            case "NoSuchUpload", "InvalidPart" -> unknownUpload();
            case "NoSuchBucket" ->
                of(FailureKind.REFUSED, "the bucket does not exist")
                        .cure("Make the bucket, or correct Bucket, Endpoint or Region");
            case "SignatureDoesNotMatch",
                    "InvalidAccessKeyId",
                    "InvalidToken",
                    "ExpiredToken",
                    "AuthFailure",
                    "InvalidSecurity" ->
                of(FailureKind.REFUSED, "the store does not accept the credentials")
                        .with("code", code)
                        .cure("Correct the credentials; a file is read again as soon as it changes");
            case "RequestTimeTooSkewed", "RequestExpired" ->
                of(FailureKind.UNAVAILABLE, "the clocks of this machine and of the store differ too much")
                        .cure("Set this machine's clock; run an NTP service");
            case "InvalidObjectState" ->
                of(FailureKind.REFUSED, "the object is in an archive class and cannot be read now")
                        .cure("Restore it from the archive class, or choose a StorageClass that is read at once");
            case "InvalidRange" -> tooShort();
            case "PreconditionFailed" -> exists();
            case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "IncompleteBody" ->
                of(FailureKind.UNAVAILABLE, "the bytes changed on their way to the store");
            case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull" ->
                of(FailureKind.FULL, "the bucket is full").cure("Raise the bucket's quota");
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException" ->
                of(FailureKind.REFUSED, "the bucket is in another region").cure("Correct Region or Endpoint");
            case "InvalidStorageClass" ->
                of(FailureKind.REFUSED, "the store does not have this storage class")
                        .cure("Correct StorageClass");
            case "RequestTimeout", "OperationAborted", "ConditionalRequestConflict" ->
                of(FailureKind.UNAVAILABLE, "the store asks to try again").with("code", code);
            default -> byStatus(e.statusCode(), code);
        };
    }

    private StrongroomException byStatus(int status, String code) {
        if (status == 401 || status == 403) {
            return of(FailureKind.REFUSED, "the store refuses this operation")
                    .with("code", code)
                    .cure("Give the credentials the rights that docs/operations.md, Tiers, lists");
        }
        if (status == 405 || status == 501) {
            return of(FailureKind.REFUSED, "the store does not have this operation")
                    .with("code", code);
        }
        if (status == 507) {
            return of(FailureKind.FULL, "the store is full");
        }
        if (status == 404 || (status >= 300 && status < 400)) {
            return notS3().with("status", status);
        }
        if (status >= 400 && status < 500 && status != 408 && status != 429) {
            return of(FailureKind.REFUSED, "the store does not understand the request")
                    .with("status", status)
                    .with("code", code)
                    .cure("Check StorageClass and Region");
        }
        return of(FailureKind.UNAVAILABLE, "the store cannot answer now")
                .with("status", status)
                .with("code", code);
    }

    private StrongroomException unanswered(SdkException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Unable to load credentials")
                || message.contains("Profile file contained no credentials")) {
            return of(FailureKind.REFUSED, "there are no credentials for the store")
                    .cure("Set CredentialsFile (and Profile), or give the sidecar credentials by environment or role");
        }
        if (find(e, SSLException.class) != null) {
            return of(FailureKind.UNAVAILABLE, "no trusted TLS connection to the store")
                    .cure("Check Endpoint, the store's certificate and this machine's list of trusted authorities");
        }
        IOException io = find(e, IOException.class);
        if (io != null) {
            return of(FailureKind.UNAVAILABLE, text(io)).cure("Check the line and Endpoint");
        }
        if (e instanceof ApiCallTimeoutException) {
            return of(FailureKind.UNAVAILABLE, "the store did not answer in time");
        }
        return notS3();
    }

    private static String text(IOException e) {
        if (e instanceof UnknownHostException) {
            return "the store's host name is unknown";
        }
        if (e instanceof ConnectException) {
            return "no connection to the store";
        }
        if (e instanceof SocketTimeoutException) {
            return "the store is silent";
        }
        return e instanceof EOFException ? "the store's answer ended early" : "the connection to the store broke";
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
