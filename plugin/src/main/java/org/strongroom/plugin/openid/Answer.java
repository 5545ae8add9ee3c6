package org.strongroom.plugin.openid;

/** What came back with a browser. */
public sealed interface Answer {
    /** The provider says who sits there. */
    record Named(Person person) implements Answer {}

    /**
     * It does not, or it was not the provider.
     *
     * @param why a static text for the log, not for who asks
     */
    record Refused(String why) implements Answer {}
}
