/**
 * Those who keep a key of their own and wrap the root key with it: a PKCS#11 token, Vault, AWS KMS. Never holds a credential of a
 * tier. Called by keys alone; knows no keyring.
 */
package org.strongroom.plugin.keyservice;
