/** How passwords and random names are kept: as what nobody can go back from. Called by the other rooms of {@code login} and {@code strongroom user}. */
package org.strongroom.plugin.login.secret;
