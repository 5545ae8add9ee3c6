/**
 * What a request says, as far as it is believed: its cookies and forms, the page and the address that it comes from, and where its
 * user wanted to go. Knows no user. Called by the other rooms of {@code login}, and by
 * whoever is asked about every request.
 */
package org.strongroom.plugin.login.request;
