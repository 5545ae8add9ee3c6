/** How programs say who asks: app tokens and HTTP Basic. Called by the login for each request with such a header. */
package org.strongroom.plugin.login.machine;
