/** Who is logged in with which browser, and in which browsers and places somebody was before. Called by the other rooms of {@code login}. */
package org.strongroom.plugin.login.session;
