/**
 * Tiers against stores that run as processes of their own. Each lane starts its store in a scratch folder on a free port of
 * 127.0.0.1 and ends it again. What every store must keep is in the contract of the sidecar's own tests.
 */
package org.strongroom.tests.tier;
