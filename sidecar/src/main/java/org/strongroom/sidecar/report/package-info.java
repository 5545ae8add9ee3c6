/**
 * What people ask the audit log: to whom a patient's images went, what an account, key or tier could have exposed, what a week was like.
 * Made by commands, of events that a search finds; each is a document that is shown as text, as a page to print, and as JSON. Has no
 * keys: whose studies they are is what its caller says.
 */
package org.strongroom.sidecar.report;
