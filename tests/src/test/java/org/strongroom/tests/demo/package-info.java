/**
 * {@code ./strongroom demo}: a PACS with Strongroom on this machine, and a study that goes to the tier and comes back. Started by
 * {@code tests/demo.sh}, which installs what is missing. It prints for people who read the README.
 */
package org.strongroom.tests.demo;
