/*
 * The queues of the loader with a Java side made of C threads, so that the sanitizers see all of it. The first byte of a content or the last of a
 * uuid tells the worker how to behave.
 */
#define _GNU_SOURCE
#include "../../main/c/loader.h"
#include "fake_orthanc.h"

#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

int32_t OrthancPluginInitialize(OrthancPluginContext *context);
void OrthancPluginFinalize(void);

enum { OK = 0, GONE = 1, OUT_OF_RANGE = 2, CLOSED = -1, NOTHING = -2 };
enum { UNAVAILABLE = 5, FULL = 6, BUG = 7 };
#define WORKERS 2
#define QUEUES 5
#define SENDERS 24
#define ROUNDS 5
#define DEADLINE_MS 60

struct record {
  uint64_t id;
  int64_t kind;
  int64_t detail;
  uint64_t size;
  uint64_t start;
  int64_t getCount;
  int64_t headerCount;
  uint64_t headSize;
  char uuid[40];
};

/* The table that a start got; written by java_start before the workers and senders begin. */
static struct {
  uint64_t epoch;
  int32_t (*take)(uint64_t, int32_t, struct record *, int64_t);
  int32_t (*copyIn)(uint64_t, int32_t, uint64_t, void *, uint64_t);
  int32_t (*allocate)(uint64_t, int32_t, uint64_t);
  int32_t (*copyOut)(uint64_t, int32_t, uint64_t, const void *, uint64_t);
  int32_t (*commit)(uint64_t);
  int32_t (*alive)(uint64_t);
  int32_t (*complete)(uint64_t, int32_t);
  int32_t (*setDeadline)(uint64_t, int32_t, int64_t);
  int32_t (*invoke)(uint64_t, int32_t, const void *);
  void (*release)(uint64_t, void *);
} java;

static pthread_t workers[QUEUES * WORKERS];
static bool refuseStart;
static atomic_bool stopEarly; /* workers end although the queues are open: Java is gone */
static atomic_ullong lastId;

/* What the workers said, by the number in a uuid: 1 if complete(…, 0) was accepted. */
#define NUMBERS 200000
static atomic_uchar acknowledged[NUMBERS];
/* What Orthanc got: 0 not asked, 1 an error, 2 success. */
static atomic_uchar answered[NUMBERS];

static void sleep_ms(long ms) {
  struct timespec t = {ms / 1000, (ms % 1000) * 1000000};
  nanosleep(&t, NULL);
}

static unsigned number_of(const char *uuid) {
  return (unsigned)strtoul(uuid, NULL, 10);
}

static unsigned char pattern(unsigned number, uint64_t position) {
  return (unsigned char)(number * 31 + position * 7);
}

static void finish(const struct record *r, int failure) {
  if (java.complete(r->id, failure) == OK && failure == 0) {
    acknowledged[number_of(r->uuid)] = 1;
  }
}

static void do_create(const struct record *r) {
  unsigned char content[512];
  unsigned number = number_of(r->uuid);
  CHECK(r->size <= sizeof content);
  if (java.copyIn(r->id, 0, 0, content, r->size) != OK) {
    CHECK(java.complete(r->id, 0) == GONE);
    return;
  }
  for (uint64_t i = 1; i < r->size; i++) {
    CHECK(content[i] == pattern(number, i));
  }
  CHECK(java.copyIn(r->id, 0, 1, content, r->size) != OK);
  CHECK(java.copyIn(r->id, 2, 0, content, 1) != OK);
  switch (content[0]) {
    case 'f':
      finish(r, FULL);
      return;
    case 'n': /* an unknown code is an error as well */
      CHECK(java.complete(r->id, 99) != OK);
      return;
    case 's': /* stuck past the deadline */
      for (int i = 0; i < 1000 && java.alive(r->id) == OK; i++) {
        sleep_ms(10);
      }
      CHECK(java.alive(r->id) == GONE);
      CHECK(java.copyIn(r->id, 0, 0, content, 1) == GONE);
      CHECK(java.commit(r->id) == GONE);
      CHECK(java.complete(r->id, 0) == GONE);
      return;
    case 'c': /* committed: may overrun the deadline */
      if (java.commit(r->id) == OK) {
        sleep_ms(DEADLINE_MS * 2);
        CHECK(java.alive(r->id) == OK);
      }
      finish(r, 0);
      return;
    case 'd': /* completes twice */
      finish(r, 0);
      CHECK(java.complete(r->id, FULL) == GONE);
      return;
    case 'r': /* ends close to the deadline */
      sleep_ms(DEADLINE_MS - 5 + number % 10);
      finish(r, java.commit(r->id) == OK ? 0 : BUG);
      return;
    default:
      finish(r, 0);
  }
}

static void do_read(const struct record *r) {
  unsigned char bytes[512];
  unsigned number = number_of(r->uuid);
  char how = r->uuid[strlen(r->uuid) - 1];
  uint64_t size = r->kind == 1 ? number % 300 : r->size;
  CHECK(java.allocate(r->id, 0, size) == (r->kind == 1 ? OK : OUT_OF_RANGE) || java.alive(r->id) == GONE);
  for (uint64_t i = 0; i < size; i++) {
    bytes[i] = pattern(number, r->start + i);
  }
  if (how == 'f') {
    finish(r, FULL);
    return;
  }
  uint64_t half = size / 2;
  java.copyOut(r->id, 0, 0, bytes, half);
  if (how != 'u') { /* u: claims success although a part is missing */
    java.copyOut(r->id, 0, half, bytes + half, size - half);
  }
  CHECK(java.copyOut(r->id, 0, size, bytes, 1) != OK);
  finish(r, 0);
}

static void do_rest(const struct record *r) {
  char head[256];
  CHECK(r->headSize <= sizeof head);
  if (java.copyIn(r->id, 1, 0, head, r->headSize) != OK) {
    return;
  }
  CHECK(strcmp(head, "/strongroom/x") == 0 && r->getCount == 1 && r->headerCount == 1);
  CHECK(r->headSize == sizeof "/strongroom/x\0q\0v\0h\0w");
  static const char answer[] = "201\0text/plain\0K\0V";
  java.allocate(r->id, 1, sizeof answer);
  java.copyOut(r->id, 1, 0, answer, sizeof answer);
  java.allocate(r->id, 0, 2);
  java.copyOut(r->id, 0, 0, "hi", 2);
  java.complete(r->id, 0);
}

/* The instance tells how to answer: its last digit is the reason, or what is no reason. */
static void do_commitment(const struct record *r) {
  char class[8], instance[8];
  CHECK(r->size == 3 && r->headSize < sizeof instance);
  if (java.copyIn(r->id, 0, 0, class, r->size) != OK || java.copyIn(r->id, 1, 0, instance, r->headSize) != OK) {
    return;
  }
  CHECK(memcmp(class, "1.2", 3) == 0);
  char how = instance[r->headSize - 1];
  unsigned char reason[2] = {(unsigned char)(how - '0'), 0};
  if (how == 'f') {
    java.complete(r->id, FULL);
    return;
  }
  if (how == 's') { /* stuck past the deadline, then it says yes */
    for (int i = 0; i < 1000 && java.alive(r->id) == OK; i++) {
      sleep_ms(10);
    }
    CHECK(java.copyOut(r->id, 0, 0, reason, 1) == GONE);
    CHECK(java.complete(r->id, 0) == GONE);
    return;
  }
  if (how != 'u') { /* u: claims success without an answer; l: an answer that is too long */
    java.allocate(r->id, 0, how == 'l' ? 2 : 1);
    reason[0] = how == 'l' ? 0 : reason[0];
    java.copyOut(r->id, 0, 0, reason, how == 'l' ? 2 : 1);
  }
  java.complete(r->id, 0);
}

static void *worker(void *argument) {
  int queue = (int)(intptr_t)argument / WORKERS;
  struct record r;
  int32_t got;
  while (!stopEarly && (got = java.take(java.epoch, queue, &r, 20)) != CLOSED) {
    if (got == NOTHING) {
      continue;
    }
    CHECK(r.kind == (queue == 0 ? 0 : queue == 1 ? r.kind : queue + 1));
    lastId = r.id;
    switch (queue) {
      case 0:
        do_create(&r);
        break;
      case 1:
        CHECK(r.kind == 1 || r.kind == 2);
        do_read(&r);
        break;
      case 2:
        finish(&r, 0);
        break;
      case 3:
        do_rest(&r);
        break;
      default:
        do_commitment(&r);
    }
  }
  return NULL;
}

char *java_start(const struct settings *settings, const char *dist, const int64_t table[TABLE_WORDS], int seconds) {
  CHECK(settings->heap != NULL && dist != NULL && seconds > 0);
  if (refuseStart) {
    return text("asked to fail");
  }
  java.epoch = (uint64_t)table[1];
  CHECK(table[0] == 1 && strcmp((const char *)(intptr_t)table[2], "strongroom") == 0);
  memcpy(&java.take, &table[4], 10 * sizeof(int64_t));
  for (int kind = 0; kind < 6; kind++) {
    CHECK(java.setDeadline(java.epoch, kind, DEADLINE_MS) == OK);
  }
  CHECK(java.setDeadline(java.epoch, 6, DEADLINE_MS) != OK);
  CHECK(java.setDeadline(java.epoch + 1, 0, DEADLINE_MS) != OK);
  for (intptr_t i = 0; i < QUEUES * WORKERS; i++) {
    CHECK(pthread_create(&workers[i], NULL, worker, (void *)i) == 0);
  }
  return NULL;
}

char *java_stop(int seconds) {
  CHECK(seconds > 0);
  for (int i = 0; i < QUEUES * WORKERS; i++) {
    pthread_join(workers[i], NULL);
  }
  return NULL;
}

static atomic_uint numbers;

static OrthancPluginErrorCode create(unsigned number, char how, size_t size) {
  unsigned char content[512];
  char uuid[40];
  snprintf(uuid, sizeof uuid, "%06u", number);
  content[0] = (unsigned char)how;
  for (size_t i = 1; i < size; i++) {
    content[i] = pattern(number, i);
  }
  return area.create(uuid, content, (int64_t)size, OrthancPluginContentType_Dicom);
}

static OrthancPluginErrorCode read_range(unsigned number, char how) {
  unsigned char bytes[100];
  char uuid[40];
  snprintf(uuid, sizeof uuid, "%06u%c", number, how);
  OrthancPluginMemoryBuffer64 target = {bytes, sizeof bytes};
  OrthancPluginErrorCode code = area.readRange(&target, uuid, OrthancPluginContentType_Dicom, 11);
  CHECK(target.data == bytes && target.size == sizeof bytes);
  for (size_t i = 0; code == 0 && i < sizeof bytes; i++) {
    CHECK(bytes[i] == pattern(number, 11 + i));
  }
  return code;
}

static OrthancPluginErrorCode read_whole(unsigned number, char how) {
  char uuid[40];
  snprintf(uuid, sizeof uuid, "%06u%c", number, how);
  OrthancPluginMemoryBuffer64 target = {NULL, 0};
  OrthancPluginErrorCode code = area.readWhole(&target, uuid, OrthancPluginContentType_Dicom);
  CHECK(code == 0 || target.data == NULL);
  CHECK(code != 0 || target.size == number % 300);
  for (uint64_t i = 0; i < target.size; i++) {
    CHECK(((unsigned char *)target.data)[i] == pattern(number, i));
  }
  free(target.data);
  return code;
}

static OrthancPluginErrorCode ask_rest(void) {
  struct _OrthancPluginRestOutput_t output = {0, "", ""};
  const char *keys[] = {"q"}, *values[] = {"v"}, *headerKeys[] = {"h"}, *headerValues[] = {"w"};
  OrthancPluginHttpRequest request = {.method = OrthancPluginHttpMethod_Get,
                                      .getCount = 1,
                                      .getKeys = keys,
                                      .getValues = values,
                                      .headersCount = 1,
                                      .headersKeys = headerKeys,
                                      .headersValues = headerValues};
  OrthancPluginErrorCode code = rest(&output, "/strongroom/x", &request);
  CHECK(code != 0 || (output.status == 201 && strcmp(output.headers, "K=V;Content-Type=text/plain;") == 0));
  return code;
}

/* What Orthanc tells the modality of one instance. */
static int committed(const char *instance) {
  void *handler = NULL;
  CHECK(commitment.factory(&handler, "job", "1.5", NULL, NULL, 0, "MODALITY", "ORTHANC") == 0 && handler != NULL);
  OrthancPluginStorageCommitmentFailureReason reason = OrthancPluginStorageCommitmentFailureReason_Success;
  CHECK(commitment.lookup(&reason, handler, "1.2", instance) == 0); /* an error would end the job */
  commitment.destructor(handler);
  return (int)reason;
}

static void commit_only_if_told(void) {
  CHECK(committed("1.0") == 0 && committed("1.2") == 2 && committed("1.5") == 5);
  static const char *const failures[] = {"1.7", "1.f", "1.s", "1.u", "1.l"};
  for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
    CHECK(committed(failures[i]) == OrthancPluginStorageCommitmentFailureReason_ProcessingFailure);
  }
}

/* A commitment that Orthanc would go on with by itself after a restart fails, and nothing else is touched. */
static void restored_jobs(void) {
  CHECK(unserializer("StorageCommitmentScp", "{\n   \"Position\" : 0,\n   \"Type\" : \"StorageCommitmentScp\"\n}\n") == NULL);
  CHECK(unserializer("DicomModalityStore", "{\n   \"Position\" : 1,\n   \"Type\" : \"DicomModalityStore\"\n}\n") == NULL);
  OrthancPluginJob *job = unserializer("StorageCommitmentScp", "{\n   \"Position\" : 1,\n   \"Type\" : \"StorageCommitmentScp\"\n}\n");
  CHECK(job == (OrthancPluginJob *)&restored);
  CHECK(strcmp(restored.type, "StorageCommitmentScp") == 0 && restored.getProgress(restored.job) == 0);
  CHECK(restored.getContent(restored.job) == NULL && restored.getSerialized(restored.job) == NULL);
  CHECK(restored.step(restored.job) == OrthancPluginJobStepStatus_Failure);
  CHECK(restored.stop(restored.job, OrthancPluginJobStopReason_Failure) == 0 && restored.reset(restored.job) == 0);
  CHECK(restored.step(restored.job) == OrthancPluginJobStepStatus_Failure);
  restored.finalize(restored.job);
}

static atomic_bool sending;
static atomic_uint successes, failures;

static void *sender(void *argument) {
  unsigned seed = (unsigned)(intptr_t)argument;
  while (sending) {
    unsigned number = numbers++;
    CHECK(number < NUMBERS);
    int choice = rand_r(&seed) % 20;
    OrthancPluginErrorCode code;
    bool counted = true;
    if (choice < 12) {
      static const char hows[] = "oooofdscrnrr";
      code = create(number, hows[choice], 1 + (size_t)(rand_r(&seed) % 500));
    } else if (choice < 15) {
      code = read_range(number, "ofu"[choice - 12]);
    } else if (choice < 18) {
      code = read_whole(number, "ofo"[choice - 15]);
    } else if (choice == 18) {
      char uuid[40];
      snprintf(uuid, sizeof uuid, "%06u", number);
      code = area.remove(uuid, OrthancPluginContentType_Dicom);
    } else {
      code = ask_rest();
      counted = false;
    }
    CHECK(code == 0 || (code > CODE_BASE && code <= CODE_BASE + BUG));
    answered[number] = !counted ? 0 : code == 0 ? 2 : 1;
    (*(code == 0 ? &successes : &failures))++;
    if (code != 0) {
      sleep_ms(1);
    }
  }
  return NULL;
}

/* Once all threads have ended: success came back exactly where a worker's success was accepted. */
static void compare(void) {
  for (unsigned number = 0; number < NUMBERS; number++) {
    CHECK(answered[number] == 0 || (answered[number] == 2) == (acknowledged[number] == 1));
  }
}

static void one_by_one(void) {
  CHECK(create(numbers++, 'o', 1) == 0);
  CHECK(create(numbers++, 'o', 500) == 0);
  CHECK(create(numbers++, 'f', 10) == CODE_BASE + FULL);
  CHECK(create(numbers++, 'n', 10) == CODE_BASE + BUG);
  CHECK(create(numbers++, 'd', 10) == 0);
  CHECK(create(numbers++, 'c', 10) == 0);
  CHECK(create(numbers++, 's', 10) == CODE_BASE + UNAVAILABLE);
  CHECK(read_range(numbers++, 'o') == 0);
  CHECK(read_range(numbers++, 'u') == CODE_BASE + BUG);
  CHECK(read_range(numbers++, 'f') == CODE_BASE + FULL);
  CHECK(read_whole(199799, 'o') == 0);
  CHECK(read_whole(199800, 'o') == 0); /* no bytes at all */
  CHECK(read_whole(199799, 'u') == CODE_BASE + BUG);
  CHECK(ask_rest() == 0);
  commit_only_if_told();
  restored_jobs();
  char tooLong[64];
  memset(tooLong, 'a', sizeof tooLong - 1);
  tooLong[sizeof tooLong - 1] = '\0';
  CHECK(area.remove(tooLong, OrthancPluginContentType_Dicom) == CODE_BASE + UNAVAILABLE);
  sleep_ms(DEADLINE_MS * 3); /* the stuck worker checks its late calls */
}

/* Java stops taking requests: everything ends with an error, in time. */
static void without_workers(void) {
  stopEarly = true;
  sleep_ms(60);
  CHECK(create(numbers++, 'o', 10) == CODE_BASE + UNAVAILABLE);
  CHECK(read_range(numbers++, 'o') == CODE_BASE + UNAVAILABLE);
  CHECK(ask_rest() == CODE_BASE + UNAVAILABLE);
  CHECK(committed("1.0") == OrthancPluginStorageCommitmentFailureReason_ProcessingFailure);
}

/* A storage area that somebody else has: no start, and the line says who is loaded beside us. */
static void clash(void) {
  void *other = dlopen(OTHER_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  CHECK(other != NULL);
  OrthancPluginContext *context = open_context();
  storageTaken = true;
  CHECK(OrthancPluginInitialize(context) == -1);
  CHECK(told("Loaded before Strongroom: " OTHER_PLUGIN ". Cure: "));
  storageTaken = false;
  contextOpen = false;
  free(context);
  CHECK(dlclose(other) == 0);
}

int main(void) {
  clash();
  uint64_t oldEpoch = 0;
  uint64_t oldId = 0;
  for (int round = 0; round < ROUNDS; round++) {
    OrthancPluginContext *context = open_context();
    refuseStart = round == 2;
    CHECK(OrthancPluginInitialize(context) == (refuseStart ? -1 : 0));
    if (refuseStart) {
      contextOpen = false;
      free(context);
      continue;
    }
    CHECK(java.epoch > oldEpoch);
    if (oldEpoch != 0) {
      /* Late calls of the life before find nothing. */
      struct record r;
      char byte;
      CHECK(java.take(oldEpoch, 0, &r, 10) == CLOSED);
      CHECK(java.copyIn(oldId, 0, 0, &byte, 1) == GONE);
      CHECK(java.copyOut(oldId, 0, 0, &byte, 1) == GONE);
      CHECK(java.commit(oldId) == GONE && java.complete(oldId, 0) == GONE);
      CHECK(java.invoke(oldEpoch, _OrthancPluginService_LogInfo, "late") == OrthancPluginErrorCode_BadSequenceOfCalls);
    }
    one_by_one();
    sending = true;
    pthread_t senders[SENDERS];
    for (intptr_t i = 0; i < SENDERS; i++) {
      senders[i] = small_thread(sender, (void *)(i + 1 + 100 * round));
    }
    sleep_ms(400);
    if (round == 3) {
      sending = false; /* otherwise they go on while Finalize runs */
    }
    if (round == ROUNDS - 1) {
      sending = false;
      for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i], NULL);
      }
      without_workers();
    }
    oldEpoch = java.epoch;
    oldId = lastId;
    OrthancPluginFinalize();
    CHECK(create(1, 'o', 10) == CODE_BASE + UNAVAILABLE);
    CHECK(committed("1.0") == OrthancPluginStorageCommitmentFailureReason_ProcessingFailure);
    if (sending || round == 3) {
      sending = false;
      for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i], NULL);
      }
    }
    compare();
    contextOpen = false;
    free(context);
    CHECK(java.invoke(oldEpoch, _OrthancPluginService_LogInfo, "late") == OrthancPluginErrorCode_BadSequenceOfCalls);
  }
  CHECK(successes > 100 && failures > 10);
  printf("queues: %u successes, %u errors, every success was Java's\n", successes, failures);
  return 0;
}
