/**
 * Who is asking: passwords, sessions, second factors and tokens, and the pages below {@code /strongroom} that deal with them. {@code Login}
 * joins the rooms below this one; the pages ask it. Decides who somebody is, never what they may do. Called by the plugin's HTTP filter and its
 * routes, and by the commands about users.
 */
package org.strongroom.plugin.login;
