/** What the plugin asks of a real OpenID Connect provider. */
package org.strongroom.tests.openid;
