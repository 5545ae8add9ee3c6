package org.strongroom.sidecar.tier;

import java.io.IOException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AzureSettings;

/** What a failed request to a container means, and what to do. */
final class AzureFailures extends StoreFailures {
    AzureFailures(String tier, AzureSettings settings) {
        super(tier, "container", settings.container());
    }

    /** The service's name of the error behind one of our failures; empty if it sent none. */
    static String code(StrongroomException e) {
        return e.getCause() instanceof AzureRefusal answer ? answer.code() : "";
    }

    /** The HTTP status behind one of our failures; 0 if the store did not answer. */
    static int status(StrongroomException e) {
        return e.getCause() instanceof AzureRefusal answer ? answer.status() : 0;
    }

    @Override
    StrongroomException stranger() {
        return of(FailureKind.UNAVAILABLE, "what answers is not Azure Blob Storage, or not the right one")
                .cure("Check Endpoint and the line");
    }

    @Override
    StrongroomException unanswered(IOException e) {
        return e instanceof ClientProtocolException ? stranger().causedBy(e) : super.unanswered(e);
    }

    /**
     * What an answer means.
     *
     * @param skewed whether the service's clock is far from this machine's
     * @param words what it says to people
     */
    StrongroomException answered(AzureRefusal answer, boolean skewed, String words) {
        return meaning(answer, skewed, words).causedBy(answer);
    }

    private StrongroomException meaning(AzureRefusal answer, boolean skewed, String words) {
        String code = answer.code();
        return switch (code) {
            case "BlobNotFound" -> absent();
            case "ContainerNotFound" ->
                of(FailureKind.REFUSED, "the container does not exist")
                        .cure("Make the container, or correct Container, Account or Endpoint");
            case "AuthenticationFailed", "InvalidAuthenticationInfo" ->
                skewed ? clocksDiffer() : wrongCredentials(code);
            case "AuthorizationFailure" -> // also what the account's network rules say
                words.contains("failed to authenticate") ? wrongCredentials(code) : forbidden(code);
            case "AuthorizationPermissionMismatch",
                    "AuthorizationServiceMismatch",
                    "AuthorizationResourceTypeMismatch" ->
                of(FailureKind.REFUSED, "the shared access signature does not permit this operation")
                        .with("code", code)
                        .cure("Make a SAS that may read, add, create, write and list; for deleting, set DeleterKeyFile"
                                + " (docs/operations.md, A container in Azure Blob Storage)");
            case "KeyBasedAuthenticationNotPermitted" ->
                of(FailureKind.REFUSED, "the storage account does not accept its own keys")
                        .cure("Allow storage account key access in the account's configuration");
            case "AccountIsDisabled" ->
                of(FailureKind.REFUSED, "the storage account is disabled").cure("Have the subscription enabled again");
            case "InvalidRange" -> tooShort();
            case "BlobAlreadyExists", "ConditionNotMet", "UnauthorizedBlobOverwrite" -> exists();
            case "InvalidBlockList" -> unknownUpload();
            case "Md5Mismatch" -> changedOnTheWay();
            case "BlobArchived", "BlobBeingRehydrated" -> archived();
            case "BlobImmutableDueToPolicy" ->
                of(FailureKind.REFUSED, "the store keeps this object under a retention policy or a legal hold")
                        .with("code", code);
            case "InvalidBlobTier", "AccessTierNotSupportedForBlobType" ->
                of(FailureKind.REFUSED, "the store does not have this access tier")
                        .cure("Correct AccessTier, or leave it out");
            case "ContainerBeingDeleted",
                    "ContainerDisabled",
                    "AccountBeingCreated",
                    "ServerBusy",
                    "OperationTimedOut" -> tryAgain(code);
            default -> byStatus(answer.status(), code);
        };
    }

    private StrongroomException forbidden(String code) {
        return of(FailureKind.REFUSED, "the store refuses this operation")
                .with("code", code)
                .cure("Let this machine's address through the storage account's network rules");
    }

    /** Somebody asks on while the sidecar ends. */
    StrongroomException closed() {
        return of(FailureKind.REFUSED, "the tier was closed");
    }

    /** Listed in an order that is not the names': an account with folders, which lacks more that is needed. */
    StrongroomException hierarchical() {
        return of(FailureKind.REFUSED, "the storage account has a hierarchical namespace")
                .cure("Use a storage account without hierarchical namespace (Data Lake Gen2)");
    }
}
