/**
 * The steps from a password, or a name that a provider gives, to a session: second factors, and the clinic's policy. Shows nothing: says what
 * to ask next. Called by the pages.
 */
package org.strongroom.plugin.login.signin;
