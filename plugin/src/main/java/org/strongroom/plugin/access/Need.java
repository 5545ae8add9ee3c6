package org.strongroom.plugin.access;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The permissions of a route. Immutable.
 *
 * @param alternatives one of them is enough, each with all of its permissions; none if nobody is given it
 * @param login whether somebody must have logged in
 * @param account whether whoever holds a share link is not enough
 */
public record Need(List<List<String>> alternatives, boolean login, boolean account) {
    private static final String PERMISSION = "[a-z]+:[a-z]+";
    private static final String OF_ACCOUNTS = "account+";

    public Need {
        alternatives = alternatives.stream().map(List::copyOf).toList();
    }

    private Need(List<List<String>> alternatives, boolean login) {
        this(alternatives, login, false);
    }

    /** @throws IllegalArgumentException if the text is neither a|b+c, perhaps with account+ before it, nor open, account, public or none */
    static Need parse(String text) {
        if (text.startsWith(OF_ACCOUNTS)) {
            return parse(text.substring(OF_ACCOUNTS.length())).ofAccounts();
        }
        return switch (text) {
            case "public" -> new Need(List.of(List.of()), false);
            case "open" -> new Need(List.of(List.of()), true);
            case "account" -> new Need(List.of(List.of()), true, true);
            case "none" -> new Need(List.of(), true);
            default ->
                new Need(Stream.of(text.split("\\|", -1)).map(Need::together).toList(), true);
        };
    }

    /** The same, for users only. */
    Need ofAccounts() {
        return new Need(alternatives, login, login);
    }

    private static List<String> together(String text) {
        List<String> permissions = List.of(text.split("\\+", -1));
        if (!permissions.stream().allMatch(permission -> permission.matches(PERMISSION))) {
            throw new IllegalArgumentException("not permissions: " + text);
        }
        return permissions;
    }

    @Override
    public String toString() {
        if (alternatives.isEmpty()) {
            return "none";
        }
        String text = alternatives.stream().map(all -> String.join("+", all)).collect(Collectors.joining("|"));
        return !text.isEmpty() ? (account ? OF_ACCOUNTS : "") + text : account ? "account" : login ? "open" : "public";
    }
}
