/*
 * AES-256-GCM of single chunks (format.md section 2) by the OpenSSL of this machine, if there is one: where Orthanc runs there nearly always is.
 * Java's own is slow until HotSpot has compiled it, which is when a clinic's first images of the day arrive.
 *
 * Ownership: nothing outlives a call. The arrays are Java's, and copied; its side has checked all sizes. Safe on any thread.
 */
#define _GNU_SOURCE
#include "loader.h"

#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

OLD_GLIBC(dlclose, "2.2.5", "2.17");
OLD_GLIBC(dlopen, "2.2.5", "2.17");
OLD_GLIBC(dlsym, "2.2.5", "2.17");
OLD_GLIBC(pthread_rwlock_rdlock, "2.2.5", "2.17");
OLD_GLIBC(pthread_rwlock_unlock, "2.2.5", "2.17");
OLD_GLIBC(pthread_rwlock_wrlock, "2.2.5", "2.17");

#define KEY 32
#define NONCE 12
#define TAG 16
#define GET_TAG 0x10 /* EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG of evp.h */
#define SET_TAG 0x11

#define CHUNK (16 * 1024) /* the longest there is */

/* Of OpenSSL 1.1 and 3. Written by find() before anybody else is called. */
static struct {
  int (*start)(uint64_t options, const void *settings);
  void (*forget_errors)(void);
  void *(*new_context)(void);
  void (*free_context)(void *context);
  const void *(*aes)(void);
  int (*control)(void *context, int command, int number, void *pointer);
  int (*init)(void *context, const void *cipher, void *engine, const uint8_t *key, const uint8_t *nonce, int seals);
  int (*update)(void *context, uint8_t *out, int *written, const uint8_t *in, int length);
  int (*final)(void *context, uint8_t *out, int *written);
} ssl;

/* When the process ends, OpenSSL gives back what it works with, while threads of Java go on. Whoever is inside is waited for, whoever comes later
 * waits for ever: the process is gone before. Nobody inside calls Java, which may have stopped all its threads by then. */
static pthread_rwlock_t process_lives = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void stop(void) { pthread_rwlock_wrlock(&process_lives); }

static bool find_all(void *library) {
  struct {
    void *to;
    const char *name;
  } functions[] = {{&ssl.start, "OPENSSL_init_crypto"},        {&ssl.forget_errors, "ERR_clear_error"},    {&ssl.new_context, "EVP_CIPHER_CTX_new"},
                   {&ssl.free_context, "EVP_CIPHER_CTX_free"}, {&ssl.aes, "EVP_aes_256_gcm"},              {&ssl.control, "EVP_CIPHER_CTX_ctrl"},
                   {&ssl.init, "EVP_CipherInit_ex"},           {&ssl.update, "EVP_CipherUpdate"},          {&ssl.final, "EVP_CipherFinal_ex"}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    void *address = dlsym(library, functions[i].name);
    if (address == NULL) {
      return false;
    }
    memcpy(functions[i].to, &address, sizeof address);
  }
  return true;
}

enum { DONE = 1, WRONG = 0, FAILED = -1 };

/* `length` without the tag, which is at the end of what is sealed. What is opened is only right if this is DONE. */
static int crypt_chunk(bool seals, const uint8_t *key, const uint8_t *nonce, const uint8_t *in, int length, uint8_t *out) {
  uint8_t rest[TAG]; /* of a stream cipher there is none */
  uint8_t tag[TAG];
  int written = 0;
  int answer = FAILED;
  void *context = ssl.new_context();
  if (context == NULL) {
    return FAILED;
  }
  if (ssl.init(context, ssl.aes(), NULL, key, nonce, seals) == 1 && (length == 0 || ssl.update(context, out, &written, in, length) == 1)) {
    if (seals) {
      if (ssl.final(context, rest, &written) == 1 && ssl.control(context, GET_TAG, TAG, out + length) == 1) {
        answer = DONE;
      }
    } else {
      memcpy(tag, in + length, TAG);
      if (ssl.control(context, SET_TAG, TAG, tag) == 1) {
        answer = ssl.final(context, rest, &written) == 1 ? DONE : WRONG;
      }
    }
  }
  ssl.free_context(context);
  if (answer != DONE) {
    ssl.forget_errors(); /* this thread's next call may be TLS */
  }
  return answer;
}

/* A module or a setting of this machine may have put something else in the place of AES-256-GCM: cases 13 and 14 of the GCM specification. */
static bool is_right(void) {
  static const uint8_t zeros[KEY] = {0};
  static const uint8_t sealed[2][TAG + TAG] = {
      {0x53, 0x0f, 0x8a, 0xfb, 0xc7, 0x45, 0x36, 0xb9, 0xa9, 0x63, 0xb4, 0xf1, 0xc4, 0xcb, 0x73, 0x8b},
      {0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18,
       0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19}};
  for (int i = 0; i < 2; i++) {
    uint8_t bytes[TAG + TAG];
    int length = i * TAG;
    if (crypt_chunk(true, zeros, zeros, zeros, length, bytes) != DONE || memcmp(bytes, sealed[i], (size_t)length + TAG) != 0 ||
        crypt_chunk(false, zeros, zeros, sealed[i], length, bytes) != DONE || memcmp(bytes, zeros, (size_t)length) != 0) {
      return false;
    }
  }
  return true;
}

/* Before any other function. Whether there is an OpenSSL that can be used. */
JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_seal_OpenSslChunks_find(JNIEnv *env, jclass type);
JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_seal_OpenSslChunks_find(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
  static const char *const names[] = {"libcrypto.so.3", "libcrypto.so.1.1"};
  static const int wheres[] = {RTLD_NOLOAD, 0}; /* rather Orthanc's own than a second one */
  for (size_t i = 0; i < 4; i++) {
    void *library = dlopen(names[i % 2], RTLD_NOW | RTLD_LOCAL | wheres[i / 2]);
    /* It registers what ends it before we register what comes before that. */
    if (library != NULL && find_all(library) && ssl.start(0, NULL) == 1 && is_right()) {
      return atexit(stop) == 0;
    }
    if (library != NULL) {
      dlclose(library);
    }
  }
  return false;
}

/* Seals or opens. `length` is that of what is given, with the tag if it is sealed. DONE, WRONG if it does not open, FAILED if OpenSSL cannot. */
JNIEXPORT jint JNICALL Java_org_strongroom_plugin_seal_OpenSslChunks_crypt(JNIEnv *env, jclass type, jboolean seals, jbyteArray keyBytes,
                                                                           jbyteArray nonceBytes, jbyteArray from, jint offset, jint length,
                                                                           jbyteArray to, jint toOffset);
JNIEXPORT jint JNICALL Java_org_strongroom_plugin_seal_OpenSslChunks_crypt(JNIEnv *env, jclass type, jboolean seals, jbyteArray keyBytes,
                                                                           jbyteArray nonceBytes, jbyteArray from, jint offset, jint length,
                                                                           jbyteArray to, jint toOffset) {
  (void)type;
  uint8_t key[KEY];
  uint8_t nonce[NONCE];
  uint8_t in[CHUNK + TAG];
  uint8_t out[CHUNK + TAG];
  jint made = seals ? length + TAG : length - TAG;
  if (length < 0 || made < 0 || length > (jint)sizeof in || made > (jint)sizeof out) {
    return FAILED;
  }
  (*env)->GetByteArrayRegion(env, keyBytes, 0, KEY, (jbyte *)key);
  (*env)->GetByteArrayRegion(env, nonceBytes, 0, NONCE, (jbyte *)nonce);
  (*env)->GetByteArrayRegion(env, from, offset, length, (jbyte *)in);
  pthread_rwlock_rdlock(&process_lives);
  jint answer = crypt_chunk(seals, key, nonce, in, seals ? length : made, out);
  pthread_rwlock_unlock(&process_lives);
  if (answer == DONE) {
    (*env)->SetByteArrayRegion(env, to, toOffset, made, (const jbyte *)out);
  }
  explicit_bzero(key, sizeof key);
  explicit_bzero(seals ? in : out, sizeof in);
  return answer;
}
