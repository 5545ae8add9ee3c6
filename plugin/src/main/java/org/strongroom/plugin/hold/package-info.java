/**
 * What must not be deleted, and who says so (format.md §6.2): holds on studies, patients and tenants, as the journal has them. Storage puts
 * new studies under a patient's hold; commands add, end and list holds. Only who has the keys can make or end one.
 */
package org.strongroom.plugin.hold;
