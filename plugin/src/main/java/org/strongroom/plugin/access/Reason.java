package org.strongroom.plugin.access;

/** Why a request is refused. For the audit log; whoever asked is told nothing but that. */
public enum Reason {
    /** Method, path or arguments could be read in several ways. */
    NOT_CANONICAL,
    /** No line of the route table has the path with this method. */
    UNKNOWN_ROUTE,
    /** Nobody may ask for it while tenants are kept apart. */
    CLOSED,
    NOT_LOGGED_IN,
    /** No role permits it, to anybody's data. */
    NOT_PERMITTED,
    /** What it names is not there, or is another's. */
    NOT_THEIRS,
    /** It is the caller's in part. */
    SHARED
}
