package org.strongroom.sidecar.tier;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What can go wrong with a store behind a line, in the same words whoever's store it is. Immutable. */
abstract class StoreFailures {
    private static final String CHECK_LINE = "Check the line, Endpoint and, if there is one, Proxy";

    private final String tier;
    private final String place;
    private final String name;

    /**
     * Failures of the tier {@code tier}.
     *
     * @param place what such a store calls the place where objects are: {@code bucket}
     * @param name the place's name
     */
    StoreFailures(String tier, String place, String name) {
        this.tier = tier;
        this.place = place;
        this.name = name;
    }

    StrongroomException of(FailureKind kind, String text) {
        return StrongroomException.of(kind, text).with("tier", tier).with(place, name);
    }

    /** Something else answers in place of the store. */
    abstract StrongroomException stranger();

    StrongroomException tooShort() {
        return of(FailureKind.CORRUPT, "an object in the tier is shorter than it was");
    }

    StrongroomException exists() {
        return of(FailureKind.REFUSED, "the tier already has an object of this name");
    }

    StrongroomException absent() {
        return of(FailureKind.NOT_FOUND, "the tier does not have this object");
    }

    StrongroomException archived() {
        return of(FailureKind.ARCHIVED, "the object is in an archive class and cannot be read now")
                .cure(
                        "Open the study: it is brought back; but keep life-cycle rules from all that is not under packs/");
    }

    StrongroomException unknownUpload() {
        return of(FailureKind.NOT_FOUND, "the tier does not know this upload or one of its parts");
    }

    StrongroomException wrongCredentials(String code) {
        return of(FailureKind.REFUSED, "the store does not accept the credentials")
                .with("code", code)
                .cure("Correct the credentials; a file is read again as soon as it changes");
    }

    StrongroomException clocksDiffer() {
        return of(FailureKind.UNAVAILABLE, "the clocks of this machine and of the store differ too much")
                .cure("Set this machine's clock; run an NTP service");
    }

    StrongroomException changedOnTheWay() {
        return of(FailureKind.UNAVAILABLE, "the bytes changed on their way to the store");
    }

    StrongroomException tryAgain(String code) {
        return of(FailureKind.UNAVAILABLE, "the store asks to try again").with("code", code);
    }

    StrongroomException late() {
        return of(FailureKind.UNAVAILABLE, "the store did not answer in time");
    }

    /** What an answer means of which no more than its status is known. */
    StrongroomException byStatus(int status, String code) {
        if (status == 401 || status == 403) {
            return of(FailureKind.REFUSED, "the store refuses this operation")
                    .with("code", code)
                    .cure("Give the credentials the rights that docs/operations.md, Tiers, lists");
        }
        if (status == 407) {
            return of(FailureKind.REFUSED, "the proxy does not accept the credentials")
                    .cure("Correct the file that Proxy.CredentialsFile names, and restart the sidecar");
        }
        if (status == 405 || status == 501) {
            return of(FailureKind.REFUSED, "the store does not have this operation")
                    .with("code", code);
        }
        if (status == 507) {
            return of(FailureKind.FULL, "the store is full");
        }
        if (status == 404 || (status >= 300 && status < 400)) {
            return stranger().with("status", status);
        }
        if (status == 416) {
            return tooShort();
        }
        if (status >= 400 && status < 500 && status != 408 && status != 429) {
            return of(FailureKind.REFUSED, "the store does not understand the request")
                    .with("status", status)
                    .with("code", code)
                    .cure("Check the tier's settings");
        }
        return of(FailureKind.UNAVAILABLE, "the store cannot answer now")
                .with("status", status)
                .with("code", code);
    }

    /** A body that broke off. */
    StrongroomException broken(IOException e) {
        return of(FailureKind.UNAVAILABLE, text(e)).cure(CHECK_LINE).causedBy(e);
    }

    /** A request without an answer. */
    StrongroomException unanswered(IOException e) {
        if (e instanceof SSLException) {
            return of(FailureKind.UNAVAILABLE, "no trusted TLS connection to the store")
                    .cure("Check Endpoint, the store's certificate and this machine's list of trusted authorities");
        }
        return of(FailureKind.UNAVAILABLE, text(e)).cure(CHECK_LINE);
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
}
