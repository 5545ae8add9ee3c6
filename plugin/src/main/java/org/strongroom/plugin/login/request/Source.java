package org.strongroom.plugin.login.request;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.strongroom.core.settings.AddressRange;

/** Where requests come from. */
public final class Source {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})"; // with more, Java takes it for a name
    private static final Pattern ADDRESS = Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
    private static final int NETWORK_BYTES = 8;

    private Source() {}

    /**
     * The client's address: the one that speaks to Orthanc or, where that is one of the clinic's own proxies, the last one that a
     * proxy says and that is none itself. What a client says about itself is never believed.
     *
     * @param proxies addresses of the clinic's own
     */
    public static String of(String peer, Map<String, String> headers, List<AddressRange> proxies) {
        String address = peer;
        String[] said = headers.getOrDefault("x-forwarded-for", "").split(",", -1);
        for (int i = said.length - 1; i >= 0 && isIn(proxies, address); i--) {
            String before = said[i].strip();
            if (!ADDRESS.matcher(before).matches()) {
                break;
            }
            address = before;
        }
        return address;
    }

    /** What one guesser may have many of: the address, and of IPv6 the network. */
    public static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        return parse(address)
                .map(parsed -> parsed.getAddress().length == 4
                        ? parsed.getHostAddress()
                        : HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), NETWORK_BYTES)))
                .orElse(address);
    }

    private static boolean isIn(List<AddressRange> ranges, String address) {
        return parse(address)
                .filter(parsed -> ranges.stream().anyMatch(range -> range.contains(parsed)))
                .isPresent();
    }

    private static Optional<InetAddress> parse(String address) {
        if (!ADDRESS.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address)); // not a name: nothing is asked
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
