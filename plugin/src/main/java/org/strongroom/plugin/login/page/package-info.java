/**
 * The pages below {@code /strongroom} that deal with who somebody is: HTML, forms and what they lead to. Decide nothing: they ask the login.
 * Called by the plugin's HTTP filter and its routes.
 */
package org.strongroom.plugin.login.page;
