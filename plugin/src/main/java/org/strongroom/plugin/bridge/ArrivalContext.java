package org.strongroom.plugin.bridge;

/**
 * What is known about the source of a content when it is stored. It belongs to this content alone: where Orthanc leaves a
 * doubt, it says that nothing is known.
 *
 * @param origin for DICOM instances; {@link Origin#UNKNOWN} for everything else, and for files that Orthanc writes anew
 *     ({@code reconstruct})
 * @param remoteAet of the sender, which may have chosen any; empty unless the origin is {@link Origin#DICOM}
 * @param token what {@link HttpFilter.Decision#allow(String)} or {@link Orthanc#withToken} said for the request that stores it;
 *     empty for everything that is not stored by the thread of a request: DICOM, jobs, WebDAV
 */
public record ArrivalContext(Origin origin, String remoteAet, String token) {
    static final String NO_TOKEN = "";

    /** Nothing is known. */
    public static final ArrivalContext UNKNOWN = new ArrivalContext(Origin.UNKNOWN, "", NO_TOKEN);

    /** Its bytes at most; mirrors TOKEN_BYTES of doors.c without the NUL. */
    private static final int TOKEN_BYTES = 255;

    /** With the numbers of OrthancPluginInstanceOrigin. */
    public enum Origin {
        UNKNOWN(1),
        DICOM(2),
        REST(3),
        PLUGIN(4),
        LUA(5),
        WEBDAV(6);

        private final int number;

        Origin(int number) {
            this.number = number;
        }

        private static Origin of(int number) {
            for (Origin origin : values()) {
                if (origin.number == number) {
                    return origin;
                }
            }
            return UNKNOWN;
        }
    }

    /** From the texts of a request. */
    static ArrivalContext of(String[] texts) {
        return new ArrivalContext(Origin.of(Integer.parseInt(texts[0])), texts[1], texts[2]);
    }

    static String requireToken(String token) {
        if (token.length() > TOKEN_BYTES || token.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("a token is at most " + TOKEN_BYTES + " printable characters of ASCII");
        }
        return token;
    }
}
