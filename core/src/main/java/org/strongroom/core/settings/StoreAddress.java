package org.strongroom.core.settings;

import java.net.URI;
import java.util.Set;

/** What is asked of the address of an object store, and of the names in it, whoever's store it is. */
final class StoreAddress {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private StoreAddress() {}

    /** Adds what is wrong with {@code Endpoint}; {@code secrets} names the setting that secrets belong to. */
    static void check(Problems problems, URI uri, boolean insecure, String secrets) {
        check(problems, uri, secrets);
        if (isClear(uri) && !insecure) {
            problems.add("Endpoint", "\"" + uri + "\" is not encrypted: use https, or set Insecure to true");
        }
    }

    /** The same for a service that is told secrets: never in clear over a line. */
    static void checkEncrypted(Problems problems, URI uri, String secrets) {
        check(problems, uri, secrets);
        if (isClear(uri)) {
            problems.add("Endpoint", "\"" + uri + "\" is not encrypted, and keys pass there: use https");
        }
    }

    private static void check(Problems problems, URI uri, String secrets) {
        if (hasSecrets(uri)) {
            problems.add("Endpoint", "holds credentials: remove them and use " + secrets);
        } else if (uri.getHost() == null || !Set.of("http", "https").contains(uri.getScheme())) {
            problems.add("Endpoint", "\"" + uri + "\" is no address: write https://host or https://host:port");
        }
    }

    private static boolean hasSecrets(URI uri) {
        return uri.toString().contains("@") || uri.getRawQuery() != null;
    }

    private static boolean isClear(URI uri) {
        return !hasSecrets(uri)
                && uri.getHost() != null
                && "http".equals(uri.getScheme())
                && !THIS_MACHINE.contains(uri.getHost());
    }

    static void checkPrefix(Problems problems, String prefix) {
        if (!prefix.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?")) {
            problems.add(
                    "Prefix", "\"" + prefix + "\": write names of letters, digits, . _ - joined by single slashes");
        }
    }

    static String withSlash(String prefix) {
        return prefix.endsWith("/") ? prefix : prefix + "/";
    }

    static URI withoutSlash(String address) {
        return URI.create(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
    }
}
