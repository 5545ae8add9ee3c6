/*
 * Prediction and byte planes of 16-bit little-endian samples (format.md section 3.4), as in Planes.java, which knows every other
 * layout and is used where this library is not loaded. Pure functions: no state, no allocation, safe on any thread.
 *
 * Ownership: the arrays are Java's, pinned only while a function runs. The Java side has checked all sizes: plain holds rows * count
 * samples of two bytes from its offset on, planes the same number of bytes.
 */
#include <jni.h>
#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "little-endian machines only"
#endif

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FAST __attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define FAST
#endif

static inline int load(const uint8_t *bytes, long i, int is_signed) {
  uint16_t word;
  memcpy(&word, bytes + 2 * i, 2);
  return is_signed ? (int16_t)word : word;
}

static inline void store(uint8_t *bytes, long i, int value) {
  uint16_t word = (uint16_t)value;
  memcpy(bytes + 2 * i, &word, 2);
}

/* The median of a, b and a + b - c. */
static inline int med(int a, int b, int c) {
  int low = a < b ? a : b, high = a < b ? b : a, gradient = a + b - c;
  int capped = gradient < high ? gradient : high;
  return capped > low ? capped : low;
}

static inline unsigned zigzag(int difference) {
  int16_t narrow = (int16_t)difference;
  return (unsigned)((narrow * 2) ^ (narrow >> 15));
}

static inline int unzigzag(int word) { return (int)((unsigned)word >> 1) ^ -(word & 1); }

static inline int narrow(int value, int is_signed) { return is_signed ? (int16_t)value : (uint16_t)value; }

/* One row; is_signed is a constant in each caller. */
static inline __attribute__((always_inline)) void predict_row(const uint8_t *restrict row, const uint8_t *restrict up, uint8_t *restrict high,
                                                               uint8_t *restrict low, long count, long samples, int is_signed) {
  for (long i = 0; i < samples; i++) {
    unsigned word = zigzag(load(row, i, is_signed) - (up == NULL ? 0 : load(up, i, is_signed)));
    high[i] = (uint8_t)(word >> 8);
    low[i] = (uint8_t)word;
  }
  if (up == NULL) {
    for (long i = samples; i < count; i++) {
      unsigned word = zigzag(load(row, i, is_signed) - load(row, i - samples, is_signed));
      high[i] = (uint8_t)(word >> 8);
      low[i] = (uint8_t)word;
    }
  } else {
    for (long i = samples; i < count; i++) {
      int predicted = med(load(row, i - samples, is_signed), load(up, i, is_signed), load(up, i - samples, is_signed));
      unsigned word = zigzag(load(row, i, is_signed) - predicted);
      high[i] = (uint8_t)(word >> 8);
      low[i] = (uint8_t)word;
    }
  }
}

FAST static void predict_signed(const uint8_t *row, const uint8_t *up, uint8_t *high, uint8_t *low, long count, long samples) {
  predict_row(row, up, high, low, count, samples, 1);
}

FAST static void predict_unsigned(const uint8_t *row, const uint8_t *up, uint8_t *high, uint8_t *low, long count, long samples) {
  predict_row(row, up, high, low, count, samples, 0);
}

static inline int word_at(const uint8_t *high, const uint8_t *low, long i) { return high[i] << 8 | low[i]; }

/* Samples from..count of one row, its first ones and the row above being there. */
static inline void restore(uint8_t *row, const uint8_t *up, const uint8_t *high, const uint8_t *low, long from, long count, long samples,
                           int is_signed) {
  for (long i = from; i < count; i++) {
    int predicted = med(load(row, i - samples, is_signed), load(up, i, is_signed), load(up, i - samples, is_signed));
    store(row, i, narrow(predicted + unzigzag(word_at(high, low, i)), is_signed));
  }
}

static inline void restore_start(uint8_t *row, const uint8_t *up, const uint8_t *high, const uint8_t *low, long samples, int is_signed) {
  for (long i = 0; i < samples; i++) {
    int above = up == NULL ? 0 : load(up, i, is_signed);
    store(row, i, narrow(above + unzigzag(word_at(high, low, i)), is_signed));
  }
}

static inline void restore_first(uint8_t *row, const uint8_t *high, const uint8_t *low, long count, long samples, int is_signed) {
  restore_start(row, NULL, high, low, samples, is_signed);
  for (long i = samples; i < count; i++) {
    store(row, i, narrow(load(row, i - samples, is_signed) + unzigzag(word_at(high, low, i)), is_signed));
  }
}

/*
 * Four rows of one sample per pixel at once, each one column behind the row above: a sample waits for its left neighbour, and four
 * such waits go on side by side.
 */
static inline __attribute__((always_inline)) void restore_four(uint8_t *row, const uint8_t *high, const uint8_t *low, long count,
                                                                int is_signed) {
  uint8_t *rows[4];
  const uint8_t *up = row - 2 * count;
  for (int k = 0; k < 4; k++) {
    rows[k] = row + 2 * count * k;
    restore_start(rows[k], k == 0 ? up : rows[k - 1], high + k * count, low + k * count, 1, is_signed);
  }
  /* Row k is ready up to column 3 - k. */
  for (int k = 0; k < 3; k++) {
    restore(rows[k], k == 0 ? up : rows[k - 1], high + k * count, low + k * count, 1, 4 - k, 1, is_signed);
  }
  int left[4], above_left[4];
  for (int k = 0; k < 4; k++) {
    left[k] = load(rows[k], 3 - k, is_signed);
    above_left[k] = load(k == 0 ? up : rows[k - 1], 3 - k, is_signed);
  }
  for (long at = 4; at < count; at++) {
    int above[4] = {load(up, at, is_signed), left[0], left[1], left[2]};
    for (int k = 0; k < 4; k++) {
      int word = word_at(high + k * count, low + k * count, at - k);
      int value = narrow(med(left[k], above[k], above_left[k]) + unzigzag(word), is_signed);
      store(rows[k], at - k, value);
      left[k] = value;
      above_left[k] = above[k];
    }
  }
  for (int k = 1; k < 4; k++) {
    restore(rows[k], rows[k - 1], high + k * count, low + k * count, count - k, count, 1, is_signed);
  }
}

static inline __attribute__((always_inline)) void unpredict(uint8_t *plain, const uint8_t *high, const uint8_t *low, long rows, long count,
                                                             long samples, int is_signed) {
  long r = 1;
  restore_first(plain, high, low, count, samples, is_signed);
  for (; samples == 1 && count >= 8 && r + 4 <= rows; r += 4) {
    restore_four(plain + 2 * r * count, high + r * count, low + r * count, count, is_signed);
  }
  for (; r < rows; r++) {
    uint8_t *row = plain + 2 * r * count;
    restore_start(row, row - 2 * count, high + r * count, low + r * count, samples, is_signed);
    restore(row, row - 2 * count, high + r * count, low + r * count, samples, count, samples, is_signed);
  }
}

__attribute__((optimize("O3"))) static void unpredict_signed(uint8_t *plain, const uint8_t *high, const uint8_t *low, long rows, long count,
                                                              long samples) {
  unpredict(plain, high, low, rows, count, samples, 1);
}

__attribute__((optimize("O3"))) static void unpredict_unsigned(uint8_t *plain, const uint8_t *high, const uint8_t *low, long rows, long count,
                                                                long samples) {
  unpredict(plain, high, low, rows, count, samples, 0);
}

JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_codec_NativePlanes_predict(JNIEnv *env, jclass type, jbyteArray plain, jbyteArray planes,
                                                                                 jint rows, jint count, jint samples, jboolean is_signed);
JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_codec_NativePlanes_unpredict(JNIEnv *env, jclass type, jbyteArray planes, jbyteArray plain,
                                                                                   jint offset, jint rows, jint count, jint samples,
                                                                                   jboolean is_signed);

JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_codec_NativePlanes_predict(JNIEnv *env, jclass type, jbyteArray plain, jbyteArray planes,
                                                                                 jint rows, jint count, jint samples, jboolean is_signed) {
  (void)type;
  const uint8_t *in = (*env)->GetPrimitiveArrayCritical(env, plain, NULL);
  uint8_t *out = in == NULL ? NULL : (*env)->GetPrimitiveArrayCritical(env, planes, NULL);
  if (out != NULL) {
    long plane = (long)rows * count;
    for (long r = 0; r < rows; r++) {
      const uint8_t *row = in + 2 * r * count;
      const uint8_t *up = r == 0 ? NULL : row - 2 * (long)count;
      (is_signed ? predict_signed : predict_unsigned)(row, up, out + r * count, out + plane + r * count, count, samples);
    }
    (*env)->ReleasePrimitiveArrayCritical(env, planes, out, 0);
  }
  if (in != NULL) {
    (*env)->ReleasePrimitiveArrayCritical(env, plain, (void *)(uintptr_t)in, JNI_ABORT);
  }
  return out != NULL;
}

JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_codec_NativePlanes_unpredict(JNIEnv *env, jclass type, jbyteArray planes, jbyteArray plain,
                                                                                   jint offset, jint rows, jint count, jint samples,
                                                                                   jboolean is_signed) {
  (void)type;
  const uint8_t *in = (*env)->GetPrimitiveArrayCritical(env, planes, NULL);
  uint8_t *out = in == NULL ? NULL : (*env)->GetPrimitiveArrayCritical(env, plain, NULL);
  if (out != NULL) {
    long plane = (long)rows * count;
    (is_signed ? unpredict_signed : unpredict_unsigned)(out + offset, in, in + plane, rows, count, samples);
    (*env)->ReleasePrimitiveArrayCritical(env, plain, out, 0);
  }
  if (in != NULL) {
    (*env)->ReleasePrimitiveArrayCritical(env, planes, (void *)(uintptr_t)in, JNI_ABORT);
  }
  return out != NULL;
}
