package org.strongroom.plugin.login;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where requests come from. */
final class Source {
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
    private static final int NETWORK_BYTES = 8;

    private Source() {}

    /**
     * The client's address: the one that speaks to Orthanc or, where that is one of the clinic's own proxies, the last one that a
     * proxy says and that is none itself. What a client says about itself is never believed.
     *
     * @param proxies addresses
     */
    static String of(String peer, Map<String, String> headers, List<String> proxies) {
        String address = peer;
        String[] said = headers.getOrDefault("x-forwarded-for", "").split(",", -1);
        for (int i = said.length - 1; i >= 0 && proxies.contains(address); i--) {
            String before = said[i].strip();
            if (!ADDRESS.matcher(before).matches()) {
                break;
            }
            address = before;
        }
        return address;
    }

    /** What one guesser may have many of: the address, and of IPv6 the network. */
    static String network(String address) {
        if (!address.contains(":") || !ADDRESS.matcher(address).matches()) {
            return address;
        }
        try {
            byte[] all = InetAddress.getByName(address).getAddress(); // not a name: nothing is asked
            return all.length == 4
                    ? InetAddress.getByAddress(all).getHostAddress()
                    : HexFormat.of().formatHex(Arrays.copyOf(all, NETWORK_BYTES));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
