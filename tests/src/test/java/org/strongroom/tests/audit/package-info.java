/** The audit log as somebody sees it who believes nothing of it. */
package org.strongroom.tests.audit;
