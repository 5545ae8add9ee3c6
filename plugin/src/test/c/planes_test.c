/*
 * The pixels without Java, in arrays that end where their sizes say: every way through rows and columns that the loops of eight and of a
 * part take, odd ones above all. What is predicted or sorted comes back, and counts that are not the samples' are found out.
 */
#include "../../main/c/planes.c"
#include "check.h"

/* An array of Java's is here the memory itself. */
static void *JNICALL pin(JNIEnv *env, jarray array, jboolean *copied) {
  (void)env;
  (void)copied;
  return array;
}

static void JNICALL unpin(JNIEnv *env, jarray array, void *memory, jint mode) {
  (void)env;
  (void)mode;
  CHECK(array == memory);
}

static void JNICALL get_ints(JNIEnv *env, jintArray array, jsize start, jsize length, jint *to) {
  (void)env;
  memcpy(to, (jint *)array + start, (size_t)length * sizeof(jint));
}

static void JNICALL set_ints(JNIEnv *env, jintArray array, jsize start, jsize length, const jint *from) {
  (void)env;
  memcpy((jint *)array + start, from, (size_t)length * sizeof(jint));
}

static const struct JNINativeInterface_ functions = {
    .GetPrimitiveArrayCritical = pin, .ReleasePrimitiveArrayCritical = unpin, .GetIntArrayRegion = get_ints, .SetIntArrayRegion = set_ints};
static JNIEnv env = &functions;

static uint32_t state = 1;

static uint32_t draw(void) {
  state = state * 1664525u + 1013904223u;
  return state >> 8;
}

static void *array(size_t length) {
  void *memory = malloc(length);
  CHECK(memory != NULL);
  return memory;
}

/* Noise, a soft slope with noise in its lowest bits, one value, and the two that are farthest apart. */
enum { TEXTURES = 4 };

static uint16_t sample(int texture, long row, long column) {
  switch (texture) {
    case 0: return (uint16_t)draw();
    case 1: return (uint16_t)(1000 + 3 * row + 2 * column + (draw() & 7));
    case 2: return 7;
    default: return (draw() & 1) != 0 ? 0x7fff : 0x8000;
  }
}

static void there_and_back(int texture, jint rows, jint count, jint samples, jboolean is_signed, jint offset) {
  size_t length = 2 * (size_t)rows * (size_t)count;
  uint8_t *plain = array(length), *planes = array(length), *back = array((size_t)offset + length);
  for (long i = 0; i < (long)rows * count; i++) {
    uint16_t value = sample(texture, i / count, i % count);
    memcpy(plain + 2 * i, &value, 2);
  }
  CHECK(Java_org_strongroom_plugin_codec_NativePlanes_predict(&env, NULL, (jbyteArray)plain, (jbyteArray)planes, rows, count, samples, is_signed));
  CHECK(Java_org_strongroom_plugin_codec_NativePlanes_unpredict(&env, NULL, (jbyteArray)planes, (jbyteArray)back, offset, rows, count, samples,
                                                                is_signed));
  CHECK(memcmp(plain, back + offset, length) == 0);
  free(plain);
  free(back);

  uint8_t *sorted = array((size_t)offset + length), *unsorted = array(length);
  uint8_t *exact = array(length);
  jint *counts = array(2 * CLASSES * sizeof(jint));
  CHECK(Java_org_strongroom_plugin_codec_NativePlanes_sort(&env, NULL, (jbyteArray)planes, (jbyteArray)exact, rows, count, (jintArray)counts));
  long sum = 0;
  for (int i = 0; i < 2 * CLASSES; i++) {
    CHECK(counts[i] >= 0);
    sum += counts[i];
  }
  CHECK(sum == (long)rows * count);
  memcpy(sorted + offset, exact, length);
  CHECK(Java_org_strongroom_plugin_codec_NativePlanes_unsort(&env, NULL, (jbyteArray)sorted, offset, (jbyteArray)unsorted, rows, count,
                                                             (jintArray)counts) == 1);
  CHECK(memcmp(planes, unsorted, length) == 0);
  /* As somebody may have written them into a file: none negative, a plane in all. */
  for (int turn = 0; turn < 4; turn++) {
    int from = (int)(draw() % (2 * CLASSES)), to = (int)(draw() % (2 * CLASSES));
    jint some = counts[from] == 0 ? 0 : (jint)(draw() % (uint32_t)counts[from]) + 1;
    counts[from] -= some;
    counts[to] += some;
    jint found = Java_org_strongroom_plugin_codec_NativePlanes_unsort(&env, NULL, (jbyteArray)sorted, offset, (jbyteArray)unsorted, rows, count,
                                                                      (jintArray)counts);
    CHECK(found == 0 || found == 1);
    CHECK(turn > 0 || some == 0 || from == to || found == 0 || memcmp(planes, unsorted, length) != 0);
    counts[to] -= some;
    counts[from] += some;
  }
  free(planes);
  free(sorted);
  free(unsorted);
  free(exact);
  free(counts);
}

/* With any argument: fewer samples per pixel and fewer textures, for tools that take their time. */
int main(int argc, char **argv) {
  (void)argv;
  const int textures = argc > 1 ? 2 : TEXTURES;
  const jint most_samples = argc > 1 ? 2 : 4;
  static const jint rows[] = {1, 2, 3, 8, 9, 10, 17, 18};
  static const jint columns[] = {1, 2, 3, 7, 8, 15, 16, 17, 23, 24, 25, 31, 33, 511, 512, 513, 514, 515, 1027};
  unsigned shapes = 0;
  for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
      for (jint samples = 1; samples <= most_samples; samples++) {
        for (int texture = 0; texture < textures; texture++) {
          there_and_back(texture, rows[r], columns[c] * samples, samples, (jboolean)(texture & 1), (jint)(draw() % 4));
          there_and_back(texture, rows[r], columns[c] * samples, samples, (jboolean)(~texture & 1), 0);
          shapes++;
        }
      }
    }
  }
  printf("planes: %u shapes came back\n", shapes);
  return 0;
}
