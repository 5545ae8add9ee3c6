package org.strongroom.plugin.openid;

import java.util.List;

/**
 * Somebody whom the provider has named. Immutable.
 *
 * @param subject never given to another person by the provider, unlike the name
 * @param name as the provider writes it; may be anything
 * @param groups all that the provider says, in its words
 * @param physicians the user's name as ReferringPhysicianName
 */
public record Person(String subject, String name, List<String> groups, List<String> physicians) {
    public Person {
        groups = List.copyOf(groups);
        physicians = List.copyOf(physicians);
    }
}
