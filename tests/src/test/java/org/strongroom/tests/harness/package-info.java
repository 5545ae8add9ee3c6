/**
 * Real servers and clients for tests: Orthanc of three versions from Debian trees, DCMTK, PostgreSQL, the built distribution.
 * Everything runs unprivileged, on 127.0.0.1 and free ports, in folders of its own, and ends with the test that started it.
 * Only tests (and the demo) use it.
 */
package org.strongroom.tests.harness;
