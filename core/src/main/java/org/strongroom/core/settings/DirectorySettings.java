package org.strongroom.core.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An LDAP directory that knows more users. The password it is asked with is never here. Immutable. */
public record DirectorySettings(
        @Setting(
                        text =
                                "Its servers, for example \"ldaps://dc1.clinic.example\", in the order in which they are asked"
                                        + " until one answers. \"ldap://\" only with StartTls, or on this machine.",
                        otherwise = "**required**")
                List<DirectoryAddress> servers,
        @Setting(text = "Encrypt ldap:// connections before anything is said (StartTLS).", byDefault = "false")
                boolean startTls,
        @Setting(
                        text = "File with the certificates (PEM) of those who may have signed the servers'.",
                        otherwise = "those that Java knows")
                Optional<Path> authorities,
        @Setting(
                        text =
                                "Whom Strongroom asks as: a DN, or in Active Directory also NAME@DOMAIN. An account that may"
                                        + " read users and groups, and nothing else.",
                        otherwise = "nobody in particular (anonymous)")
                Optional<String> bindDN,
        @Setting(
                        text =
                                "File with its password (its first line), read each time. Readable by Orthanc's user only.",
                        otherwise = "BindPasswordEnv is used",
                        silent = true)
                Optional<Path> bindPasswordFile,
        @Setting(
                        text = "Variable of Orthanc's environment that holds it.",
                        otherwise = "BindPasswordFile is used",
                        silent = true)
                Optional<String> bindPasswordEnv,
        @Setting(text = "DN below which the users are.") String base,
        @Setting(
                        text = "The attribute that users log in with; in Active Directory \"sAMAccountName\" or"
                                + " \"userPrincipalName\".",
                        byDefault = "uid")
                String name,
        @Setting(
                        text = "Whom of those with this name it may find, as an LDAP filter.",
                        byDefault = "(objectClass=person)")
                String filter,
        @Setting(
                        text = "DN below which groups are searched with GroupFilter.",
                        otherwise = "the user's attribute memberOf says which")
                Optional<String> groupBase,
        @Setting(
                        text =
                                "Which groups below GroupBase a user is in: {dn} stands for the user's DN, {user} for the name."
                                        + " \"(member:1.2.840.113556.1.4.1941:={dn})\" also finds groups of groups in Active Directory.",
                        byDefault = "(member={dn})")
                String groupFilter,
        @Setting(text = "What groups give. Who is in none of them does not come in.")
                List<DirectoryGroupSettings> groups,
        @Setting(
                        text =
                                "The attribute that holds a user's name as ReferringPhysicianName in the studies, for the role"
                                        + " referrer.",
                        otherwise = "no patient is a directory user's own")
                Optional<String> referringPhysician,
        @Setting(text = "How long each step may take: connecting, and every answer.", byDefault = "5 s")
                Duration timeout,
        @Setting(
                        text =
                                "So often it is asked again who is logged in: who was disabled or left a group loses the login"
                                        + " or its rights then.",
                        byDefault = "15 min")
                Duration recheck,
        @Setting(
                        text =
                                "While no server answers, somebody who is logged in stays so for this long after the directory"
                                        + " last knew them.",
                        byDefault = "1 h")
                Duration outage) {
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_OUTAGE = Duration.ofHours(24);

    public DirectorySettings {
        servers = List.copyOf(servers);
        groups = List.copyOf(groups);
        List<DirectoryAddress> asked = servers;
        boolean startTlsToo = startTls;
        Optional<String> binding = bindDN;
        Optional<Path> file = bindPasswordFile;
        Optional<String> variable = bindPasswordEnv;
        String attribute = name;
        Optional<String> physician = referringPhysician;
        String users = filter;
        String members = groupFilter;
        String below = base;
        boolean noGroups = groups.isEmpty();
        Duration patience = timeout;
        Duration again = recheck;
        Duration without = outage;
        Problems.check(problems -> {
            checkServers(problems, asked, startTlsToo);
            checkBinding(problems, binding, file, variable);
            checkAttribute(problems, "Name", attribute);
            physician.ifPresent(text -> checkAttribute(problems, "ReferringPhysician", text));
            checkFilter(problems, "Filter", users);
            checkFilter(problems, "GroupFilter", members);
            if (users.contains("{")) {
                problems.add("Filter", "\"" + users + "\": remove the name from it, Name says where that is");
            }
            if (!members.contains("{dn}") && !members.contains("{user}")) {
                problems.add(
                        "GroupFilter", "\"" + members + "\" finds everybody's groups: write {dn} or {user} into it");
            }
            if (!below.contains("=")) {
                problems.add("Base", "\"" + below + "\" is no DN: write for example DC=clinic,DC=example");
            }
            if (noGroups) {
                problems.add("Groups", "none, so nobody could log in: write at least one");
            }
            checkTimes(problems, patience, again, without);
        });
    }

    private static void checkServers(Problems problems, List<DirectoryAddress> servers, boolean startTls) {
        if (servers.isEmpty()) {
            problems.add("Servers", "none: write at least one, for example ldaps://dc1.clinic.example");
        }
        for (DirectoryAddress server : servers) {
            if (!server.isTls() && !startTls && !server.isThisMachine()) {
                problems.add(
                        "Servers", server + " would carry passwords in clear: write ldaps://, or set StartTls to true");
            }
            if (server.isTls() && startTls) {
                problems.add("StartTls", server + " is encrypted without it: remove it, or write ldap://");
            }
        }
    }

    private static void checkBinding(
            Problems problems, Optional<String> name, Optional<Path> file, Optional<String> variable) {
        if (name.isPresent()) {
            SecretPlace.check(problems, "BindPassword", file, variable);
        } else if (file.isPresent() || variable.isPresent()) {
            problems.add("BindDN", "missing: add whose password this is, or remove the password");
        }
    }

    private static void checkAttribute(Problems problems, String setting, String name) {
        if (!name.matches("[A-Za-z][A-Za-z0-9-]{0,99}")) {
            problems.add(setting, "\"" + name + "\" is no attribute: write its name, for example uid");
        }
    }

    private static void checkFilter(Problems problems, String setting, String filter) {
        if (!filter.matches("\\(.+\\)")) {
            problems.add(setting, "\"" + filter + "\" is no LDAP filter: write it in parentheses");
        }
    }

    private static void checkTimes(Problems problems, Duration timeout, Duration recheck, Duration outage) {
        if (timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            problems.add("Timeout", "must be more than nothing, and not more than 10 s");
        }
        if (recheck.compareTo(Duration.ofSeconds(10)) < 0) {
            problems.add("Recheck", "must not be less than 10 s");
        }
        if (outage.compareTo(recheck) < 0 || outage.compareTo(LONGEST_OUTAGE) > 0) {
            problems.add("Outage", "must not be less than Recheck, nor more than a day");
        }
    }
}
