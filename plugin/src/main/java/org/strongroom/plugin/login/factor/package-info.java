/**
 * What is remembered of each user in Home: second factors (apps, security keys, recovery codes) and app tokens, and whether what somebody
 * shows is one of them. Called by the other rooms of {@code login}, and by a recovery.
 */
package org.strongroom.plugin.login.factor;
