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

/* Eight samples of 16 bits. Differences wrap as those of format.md do, which only unsigned numbers may. */
typedef int16_t lanes __attribute__((vector_size(16)));
typedef uint16_t wrapping __attribute__((vector_size(16)));
typedef int32_t pairs __attribute__((vector_size(16)));
typedef int64_t quads __attribute__((vector_size(16)));
typedef uint8_t octets __attribute__((vector_size(16)));

#ifdef __SSE2__
static inline lanes lower(lanes a, lanes b) { return (lanes)__builtin_ia32_pminsw128(a, b); }
static inline lanes higher(lanes a, lanes b) { return (lanes)__builtin_ia32_pmaxsw128(a, b); }
#else
static inline lanes lower(lanes a, lanes b) {
  lanes first = a < b;
  return (a & first) | (b & ~first);
}
static inline lanes higher(lanes a, lanes b) {
  lanes first = a > b;
  return (a & first) | (b & ~first);
}
#endif

/* Rows become columns. */
static inline void transpose(lanes m[8]) {
  lanes t[8], u[8];
  for (int i = 0; i < 4; i++) {
    t[2 * i] = __builtin_shuffle(m[2 * i], m[2 * i + 1], (lanes){0, 8, 1, 9, 2, 10, 3, 11});
    t[2 * i + 1] = __builtin_shuffle(m[2 * i], m[2 * i + 1], (lanes){4, 12, 5, 13, 6, 14, 7, 15});
  }
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 2; j++) {
      u[4 * i + 2 * j] = (lanes)__builtin_shuffle((pairs)t[4 * i + j], (pairs)t[4 * i + 2 + j], (pairs){0, 4, 1, 5});
      u[4 * i + 2 * j + 1] = (lanes)__builtin_shuffle((pairs)t[4 * i + j], (pairs)t[4 * i + 2 + j], (pairs){2, 6, 3, 7});
    }
  }
  for (int j = 0; j < 4; j++) {
    m[2 * j] = (lanes)__builtin_shuffle((quads)u[j], (quads)u[4 + j], (quads){0, 2});
    m[2 * j + 1] = (lanes)__builtin_shuffle((quads)u[j], (quads)u[4 + j], (quads){1, 3});
  }
}

/*
 * Eight rows of one sample per pixel at once, each one column behind the row above: a sample waits for its left neighbour, and eight
 * such waits are one. Lane k is row k. Signed order serves unsigned samples too when 32768 is added to all of them, which the prediction
 * does not notice: a + b - c gains as much as its parts. The limits of c make a + b - c the median, and nothing overflows that matters.
 */
static inline __attribute__((always_inline)) void restore_eight(uint8_t *row, const uint8_t *high, const uint8_t *low, long count,
                                                                 int is_signed) {
  const lanes bias = (lanes){} + (int16_t)(is_signed ? 0 : -32768);
  uint8_t *rows[8];
  const uint8_t *up = row - 2 * count;
  for (int k = 0; k < 8; k++) {
    rows[k] = row + 2 * count * k;
    restore_start(rows[k], rows[k] - 2 * count, high + k * count, low + k * count, 1, is_signed);
  }
  /* Row k is ready up to column 7 - k. */
  for (int k = 0; k < 7; k++) {
    restore(rows[k], rows[k] - 2 * count, high + k * count, low + k * count, 1, 8 - k, 1, is_signed);
  }
  lanes left, above_left;
  for (int k = 0; k < 8; k++) {
    left[k] = (int16_t)load(rows[k], 7 - k, 0);
    above_left[k] = (int16_t)load(rows[k] - 2 * count, 7 - k, 0);
  }
  left ^= bias;
  above_left ^= bias;
  long at = 8;
  for (; at + 8 <= count; at += 8) {
    lanes steps[8], tops;
    for (int k = 0; k < 8; k++) {
      uint64_t highs, lows;
      memcpy(&highs, high + k * count + at - k, 8);
      memcpy(&lows, low + k * count + at - k, 8);
      octets h = (octets)(quads){(int64_t)highs, 0}, l = (octets)(quads){(int64_t)lows, 0};
      steps[k] = (lanes)__builtin_shuffle(l, h, (octets){0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23});
    }
    transpose(steps);
    memcpy(&tops, up + 2 * at, 16);
    tops ^= bias;
    for (int i = 0; i < 8; i++) {
      lanes above = __builtin_shuffle(left, (lanes){}, (lanes){8, 0, 1, 2, 3, 4, 5, 6});
      above[0] = tops[i];
      lanes word = steps[i];
      lanes step = ((word >> 1) & 0x7fff) ^ -(word & 1);
      lanes smaller = lower(left, above), larger = higher(left, above);
      lanes corner = higher(lower(above_left, larger), smaller);
      left = (lanes)((wrapping)left + (wrapping)above - (wrapping)corner + (wrapping)step);
      above_left = above;
      steps[i] = left ^ bias;
    }
    transpose(steps);
    for (int k = 0; k < 8; k++) {
      memcpy(rows[k] + 2 * (at - k), &steps[k], 16);
    }
  }
  for (int k = 0; k < 8; k++) {
    restore(rows[k], rows[k] - 2 * count, high + k * count, low + k * count, at - k, count, 1, is_signed);
  }
}

static inline __attribute__((always_inline)) void unpredict(uint8_t *plain, const uint8_t *high, const uint8_t *low, long rows, long count,
                                                             long samples, int is_signed) {
  long r = 1;
  restore_first(plain, high, low, count, samples, is_signed);
  for (; samples == 1 && count >= 16 && r + 8 <= rows; r += 8) {
    restore_eight(plain + 2 * r * count, high + r * count, low + r * count, count, is_signed);
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

enum { CLASSES = 8, PART = 256 };

/* One pair: 256 decides, so a high byte need not be told exactly. */
static inline uint16_t pair_sum(const uint8_t *high, const uint8_t *low, long i) {
  uint16_t highs, lows;
  memcpy(&highs, high + i, 2);
  memcpy(&lows, low + i, 2);
  return (uint16_t)((lows & 255) + (lows >> 8) + (highs != 0 ? 256 : 0));
}

/* What the pairs from first on of the row above weigh, each with its neighbours; what is beyond the row weighs nothing. */
static inline __attribute__((always_inline)) void weigh(const uint8_t *high, const uint8_t *low, long count, long first, long pairs_here,
                                                         uint16_t *weights) {
  uint16_t sums[PART + 2];
  long start = 2 * (first - 1), end = pairs_here + 2;
  long whole = start + 2 * end <= count ? end : (count - start) / 2;
  sums[0] = 0;
  for (long j = first == 0; j < whole; j++) {
    sums[j] = pair_sum(high, low, start + 2 * j);
  }
  for (long j = whole; j < end; j++) {
    long i = start + 2 * j;
    sums[j] = i >= count ? 0 : high[i] != 0 ? 256 : low[i];
  }
  for (long j = 0; j < pairs_here; j++) {
    weights[j] = (uint16_t)(sums[j] + 2 * sums[j + 1] + sums[j + 2]);
  }
}

static inline uint8_t class_of(uint16_t weight) {
  return (uint8_t)((weight >= 4) + (weight >= 8) + (weight >= 16) + (weight >= 32) + (weight >= 64) + (weight >= 128) + (weight >= 256));
}

/* Adds to counts how many samples of the row belong to each class. */
FAST static void count_row(const uint8_t *high, const uint8_t *low, long count, int32_t *counts) {
  for (long first = 0; 2 * first < count; first += PART) {
    long left = (count + 1) / 2 - first, pairs_here = left < PART ? left : PART;
    uint16_t weights[PART];
    int32_t reach[CLASSES + 1] = {(int32_t)pairs_here};
    weigh(high, low, count, first, pairs_here, weights);
    for (int k = 1; k < CLASSES; k++) {
      uint16_t reached = 0;
      for (long j = 0; j < pairs_here; j++) {
        reached = (uint16_t)(reached + (weights[j] >= 2 << k));
      }
      reach[k] = reached;
    }
    for (int k = 0; k < CLASSES; k++) {
      counts[k] += 2 * (reach[k] - reach[k + 1]);
    }
    if (count % 2 != 0 && left == pairs_here) {
      counts[class_of(weights[pairs_here - 1])]--;
    }
  }
}

FAST static void classify(const uint8_t *high, const uint8_t *low, long count, long first, long pairs_here, uint8_t *classes) {
  uint16_t weights[PART];
  weigh(high, low, count, first, pairs_here, weights);
  for (long j = 0; j < pairs_here; j++) {
    classes[j] = class_of(weights[j]);
  }
}

/* One band of a block: its planes, its rows, and where each of its classes has got to. */
struct band {
  uint8_t *high, *low;
  long rows;
  int32_t places[CLASSES];
};

static inline __attribute__((always_inline)) void move(uint8_t *row, uint8_t *sorted, long length, int there) {
  memcpy(there ? sorted : row, there ? row : sorted, (size_t)length);
}

/*
 * Moves a row of one band, or of two side by side, to where its classes have got to, or from there. Each pair waits for the place that the
 * one before left; those of two bands do not wait for each other. Whoever calls knows that no place is beyond the planes.
 */
static inline __attribute__((always_inline)) void move_row(struct band *bands, int sides, long row, uint8_t *sorted, long plane, long count,
                                                            int there) {
  uint8_t classes[2][PART] = {{0}};
  int32_t places[2][PART];
  uint8_t *sorted_low = sorted + plane;
  for (long first = 0; 2 * first < count; first += PART) {
    long left = (count + 1) / 2 - first, pairs_here = left < PART ? left : PART;
    for (int b = 0; b < sides && row > 0; b++) {
      classify(bands[b].high + (row - 1) * count, bands[b].low + (row - 1) * count, count, first, pairs_here, classes[b]);
    }
    long whole = 2 * (first + pairs_here) <= count ? pairs_here : pairs_here - 1, start = row * count + 2 * first;
    for (long j = 0; j < whole; j++) {
      for (int b = 0; b < sides; b++) {
        int32_t *next = &bands[b].places[classes[b][j]];
        places[b][j] = *next;
        *next += 2;
        if (!there) {
          move(bands[b].high + start + 2 * j, sorted + places[b][j], 2, there);
          move(bands[b].low + start + 2 * j, sorted_low + places[b][j], 2, there);
        }
      }
    }
    /* Apart from the loop above: a store to a place that is not known yet would hold up the loads behind it. */
    for (int b = 0; b < sides && there; b++) {
      for (long j = 0; j < whole; j++) {
        move(bands[b].high + start + 2 * j, sorted + places[b][j], 2, there);
        move(bands[b].low + start + 2 * j, sorted_low + places[b][j], 2, there);
      }
    }
    for (int b = 0; b < sides && whole < pairs_here; b++) {
      long place = bands[b].places[classes[b][whole]]++;
      move(bands[b].high + start + 2 * whole, sorted + place, 1, there);
      move(bands[b].low + start + 2 * whole, sorted_low + place, 1, there);
    }
  }
}

/* The two bands of the planes, with nothing in their places. */
static void split(struct band bands[2], uint8_t *planes, long rows, long count) {
  long upper = (rows + 1) / 2;
  bands[0] = (struct band){planes, planes + rows * count, upper, {0}};
  bands[1] = (struct band){planes + upper * count, planes + (rows + upper) * count, rows - upper, {0}};
}

/* Each class: what it has in the first band, then in the second. Returns the end of all. */
static long place(struct band bands[2], const int32_t counts[2][CLASSES]) {
  long at = 0;
  for (int k = 0; k < CLASSES; k++) {
    for (int b = 0; b < 2; b++) {
      bands[b].places[k] = (int32_t)at;
      at += counts[b][k];
    }
  }
  return at;
}

/* The samples of the planes by class; counts gets how many each class has in each band. */
static void sort_planes(uint8_t *planes, uint8_t *sorted, long rows, long count, int32_t counts[2][CLASSES]) {
  struct band bands[2];
  split(bands, planes, rows, count);
  memset(counts, 0, sizeof(int32_t[2][CLASSES]));
  for (int b = 0; b < 2; b++) {
    counts[b][0] = bands[b].rows == 0 ? 0 : (int32_t)count;
    for (long r = 1; r < bands[b].rows; r++) {
      count_row(bands[b].high + (r - 1) * count, bands[b].low + (r - 1) * count, count, counts[b]);
    }
  }
  (void)place(bands, (const int32_t(*)[CLASSES])counts);
  for (long r = 0; r < bands[1].rows; r++) {
    move_row(bands, 2, r, sorted, rows * count, count, 1);
  }
  if (bands[1].rows < bands[0].rows) {
    move_row(bands, 1, bands[1].rows, sorted, rows * count, count, 1);
  }
}

/* Whether a row finds what it asks for. Counted only where the planes are about to end: elsewhere it reads another's, and that comes out at the end. */
static int has_row(const struct band *band, long row, long plane, long count) {
  int32_t need[CLASSES] = {0};
  int near = 0;
  for (int k = 0; k < CLASSES; k++) {
    near |= band->places[k] + count > plane;
  }
  if (!near) {
    return 1;
  }
  if (row == 0) {
    need[0] = (int32_t)count;
  } else {
    count_row(band->high + (row - 1) * count, band->low + (row - 1) * count, count, need);
  }
  for (int k = 0; k < CLASSES; k++) {
    if (need[k] > plane - band->places[k]) {
      return 0;
    }
  }
  return 1;
}

/* The inverse. False if the counts are not those of these samples; none of them is negative, and they add up to a plane. */
static int unsort_planes(uint8_t *sorted, uint8_t *planes, long rows, long count, const int32_t counts[2][CLASSES]) {
  struct band bands[2], ends[2];
  long plane = rows * count;
  split(bands, planes, rows, count);
  place(bands, counts);
  memcpy(ends, bands, sizeof ends);
  for (long r = 0; r < bands[0].rows; r++) {
    int sides = r < bands[1].rows ? 2 : 1;
    if (!has_row(&bands[0], r, plane, count) || (sides == 2 && !has_row(&bands[1], r, plane, count))) {
      return 0;
    }
    if (sides == 2) {
      move_row(bands, 2, r, sorted, plane, count, 0);
    } else {
      move_row(bands, 1, r, sorted, plane, count, 0);
    }
  }
  for (int b = 0; b < 2; b++) {
    for (int k = 0; k < CLASSES; k++) {
      if (bands[b].places[k] != ends[b].places[k] + counts[b][k]) {
        return 0;
      }
    }
  }
  return 1;
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

JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_codec_NativePlanes_sort(JNIEnv *env, jclass type, jbyteArray planes, jbyteArray sorted,
                                                                              jint rows, jint count, jintArray counts);
JNIEXPORT jint JNICALL Java_org_strongroom_plugin_codec_NativePlanes_unsort(JNIEnv *env, jclass type, jbyteArray sorted, jint offset,
                                                                            jbyteArray planes, jint rows, jint count, jintArray counts);

JNIEXPORT jboolean JNICALL Java_org_strongroom_plugin_codec_NativePlanes_sort(JNIEnv *env, jclass type, jbyteArray planes, jbyteArray sorted,
                                                                              jint rows, jint count, jintArray counts) {
  (void)type;
  int32_t result[2][CLASSES];
  uint8_t *in = (*env)->GetPrimitiveArrayCritical(env, planes, NULL);
  uint8_t *out = in == NULL ? NULL : (*env)->GetPrimitiveArrayCritical(env, sorted, NULL);
  if (out != NULL) {
    sort_planes(in, out, rows, count, result);
    (*env)->ReleasePrimitiveArrayCritical(env, sorted, out, 0);
  }
  if (in != NULL) {
    (*env)->ReleasePrimitiveArrayCritical(env, planes, in, JNI_ABORT);
  }
  if (out != NULL) {
    (*env)->SetIntArrayRegion(env, counts, 0, 2 * CLASSES, &result[0][0]);
  }
  return out != NULL;
}

/* 1 if they came back, 0 if the counts are not theirs, -1 without memory. */
JNIEXPORT jint JNICALL Java_org_strongroom_plugin_codec_NativePlanes_unsort(JNIEnv *env, jclass type, jbyteArray sorted, jint offset,
                                                                            jbyteArray planes, jint rows, jint count, jintArray counts) {
  (void)type;
  int32_t given[2][CLASSES];
  jint result = -1;
  (*env)->GetIntArrayRegion(env, counts, 0, 2 * CLASSES, &given[0][0]);
  uint8_t *in = (*env)->GetPrimitiveArrayCritical(env, sorted, NULL);
  uint8_t *out = in == NULL ? NULL : (*env)->GetPrimitiveArrayCritical(env, planes, NULL);
  if (out != NULL) {
    result = unsort_planes(in + offset, out, rows, count, (const int32_t(*)[CLASSES])given);
    (*env)->ReleasePrimitiveArrayCritical(env, planes, out, 0);
  }
  if (in != NULL) {
    (*env)->ReleasePrimitiveArrayCritical(env, sorted, in, JNI_ABORT);
  }
  return result;
}
