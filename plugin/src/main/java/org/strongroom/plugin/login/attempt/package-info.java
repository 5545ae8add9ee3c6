/**
 * Attempts to come in: who has to wait because of whose, and what the audit log is told. Knows no password and no page. Called by what checks
 * passwords, codes and links.
 */
package org.strongroom.plugin.login.attempt;
