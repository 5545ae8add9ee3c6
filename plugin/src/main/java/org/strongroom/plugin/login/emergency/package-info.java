/**
 * Patients whom users open for themselves in an emergency: on which terms, until when, and who has looked at it since. Called by the login,
 * and by {@code strongroom breakglass}.
 */
package org.strongroom.plugin.login.emergency;
