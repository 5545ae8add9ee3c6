/**
 * Who may see what, on real Orthancs. Every route that a server knows must be in the route table. Run by the integration
 * tests only.
 */
package org.strongroom.tests.tenancy;
