/** The borders between the modules, as tests: who may see whom, and what each room never holds. Fails when an arrow is wrong. */
package org.strongroom.tests.architecture;
