package org.strongroom.core.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A range of IP addresses, or one: {@code "10.1.0.0/16"}, {@code "192.168.1.7"}, {@code "2001:db8::/32"}.
 *
 * @param address its first address, as written; never a name that would have to be looked up
 * @param bits how many leading bits are the same in all
 */
public record AddressRange(InetAddress address, int bits) {
    static final String PATTERN = "^[0-9a-fA-F:.]+(/[0-9]{1,3})?$";
    private static final Pattern FOUR_NUMBERS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    public AddressRange {
        if (bits < 0 || bits > 8 * address.getAddress().length) {
            throw new IllegalArgumentException("write /0 to /" + 8 * address.getAddress().length + " at its end");
        }
    }

    /**
     * Reads an address with or without the number of its leading bits.
     *
     * @throws IllegalArgumentException with how to write it
     */
    public static AddressRange parse(String text) {
        if (!text.matches(PATTERN)) {
            throw new IllegalArgumentException("write \"10.1.0.0/16\" or one address");
        }
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        int all = 8 * address.getAddress().length;
        return new AddressRange(address, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
    }

    /** Whether {@code other} is in the range. */
    public boolean contains(InetAddress other) {
        byte[] here = address.getAddress();
        byte[] there = other.getAddress();
        if (here.length != there.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((here[bit / 8] & mask) != (there[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress literal(String text) {
        if (!text.contains(":") && !FOUR_NUMBERS.matcher(text).matches()) {
            throw new IllegalArgumentException("write all four numbers: \"10.1.0.0/16\"");
        }
        try {
            return InetAddress.getByName(text); // not a name: nothing is asked
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("write \"10.1.0.0/16\" or one address", e);
        }
    }

    @Override
    public String toString() {
        boolean one = bits == 8 * address.getAddress().length;
        return address.getHostAddress() + (one ? "" : "/" + bits);
    }
}
