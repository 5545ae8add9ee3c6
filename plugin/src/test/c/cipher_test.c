/*
 * Chunks without Java, in arrays that end where their sizes say: every length around a block of AES and around a chunk comes back, and no bit of
 * what is sealed may be another.
 */
#include "../../main/c/cipher.c"
#include "check.h"

static void comes_back(int length) {
  const uint8_t key[KEY] = {1}, nonce[NONCE] = {2};
  uint8_t *plain = malloc((size_t)length + 1), *sealed = malloc((size_t)length + TAG), *opened = malloc((size_t)length + 1);
  for (int i = 0; i < length; i++) {
    plain[i] = (uint8_t)(i * 31);
  }
  CHECK(crypt_chunk(true, key, nonce, plain, length, sealed) == DONE);
  CHECK(crypt_chunk(false, key, nonce, sealed, length, opened) == DONE);
  CHECK(memcmp(plain, opened, (size_t)length) == 0);
  for (int i = 0; i < length + TAG; i += length < 100 ? 1 : 997) {
    sealed[i] ^= (uint8_t)(1 << i % 8);
    CHECK(crypt_chunk(false, key, nonce, sealed, length, opened) == WRONG);
    sealed[i] ^= (uint8_t)(1 << i % 8);
  }
  CHECK(crypt_chunk(false, key, (const uint8_t[NONCE]){3}, sealed, length, opened) == WRONG);
  free(plain);
  free(sealed);
  free(opened);
}

int main(void) {
  CHECK(Java_org_strongroom_plugin_seal_OpenSslChunks_find(NULL, NULL));
  for (int length = 0; length < 70; length++) {
    comes_back(length);
  }
  comes_back(16383);
  comes_back(16384);
  return 0;
}
