/**
 * Who may see and do what: roles, tenants, and the decision on every request. It is pure but for the look-up of whose a study
 * is, and knows no password, session or page. Called by what takes requests (HTTP filters, routes, DICOM callbacks) and by
 * the log-in, which makes a {@link org.strongroom.plugin.access.Principal} of a user.
 */
package org.strongroom.plugin.access;
