/**
 * Whose things are: which tenant an arrival belongs to, and whose a study is afterwards. A study is the tenant's whose key for it is
 * the oldest, so that it is known before the study can be seen, and from any tier after a disaster. Called by storage when something
 * arrives, and by the access layer through {@link org.strongroom.plugin.access.Ownership}.
 */
package org.strongroom.plugin.tenancy;
