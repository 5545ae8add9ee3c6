/**
 * Crypto-shredding (format.md §6.3): who ordered that keys be destroyed, who agreed, and what was destroyed, as the journal has it. Commands
 * order, agree and withdraw; only who has the keys can. Whatever is held, still in Orthanc, or arriving is not erased.
 */
package org.strongroom.plugin.erase;
