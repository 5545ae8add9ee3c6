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
enum { REFUSED = 1, UNAVAILABLE = 5, FULL = 6, BUG = 7 };
enum { ROUTE, FILTER, ARRIVALS, FINDS, MOVES, LOGINS, JOB_ENDS, AUDIT_LOGS, DOORS };
enum { MOVE_STEP = 9, KINDS = 14 };
#define WORKERS 2
#define QUEUES 12
#define SENDERS 24
#define ROUNDS 5
#define DEADLINE_MS 60     /* for what must expire, or may */
#define PATIENT_MS 60000   /* for what must not, however slow this machine is */

struct record {
  uint64_t id;
  int64_t kind;
  int64_t detail;
  uint64_t size;
  uint64_t start;
  int64_t getCount;
  int64_t headerCount;
  uint64_t headSize;
  uint64_t payloadSize;
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
  int32_t (*invoke)(uint64_t, int32_t, const void *, const char *);
  void (*release)(uint64_t, void *);
  int32_t (*wantDoor)(uint64_t, int32_t, const char *);
} java;

static pthread_t workers[QUEUES * WORKERS];
static bool refuseStart;
static bool wantDoors;
static bool newer; /* Orthanc is of 1.13.0 */
static atomic_bool stopEarly; /* workers end although the queues are open: Java is gone */
static atomic_ullong lastId;

/* What the workers said, by the number in a uuid: 1 if complete(…, 0) was accepted. */
#define NUMBERS 200000
static atomic_uchar acknowledged[NUMBERS];
/* What Orthanc got: 0 not asked, 1 an error, 2 success. */
static atomic_uchar answered[NUMBERS];

/* For whom the read was, by the number in the uuid. */
static char askers[NUMBERS][64];

/* The source that create came with, by the number in the uuid: texts with a bar for each NUL. */
static char sources[NUMBERS][64];

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
  CHECK(java.copyIn(r->id, 3, 0, content, 1) != OK);
  char source[64];
  CHECK(r->headSize < sizeof source);
  if (java.copyIn(r->id, 1, 0, source, r->headSize) == OK) {
    for (uint64_t i = 0; i < r->headSize; i++) {
      sources[number][i] = source[i] == '\0' ? '|' : source[i];
    }
  }
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
  CHECK(r->headSize < sizeof askers[number]);
  if (java.copyIn(r->id, 1, 0, askers[number], r->headSize) == OK) {
    askers[number][r->headSize] = '\0';
  }
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
  CHECK(r->getCount == 1 && r->headerCount == 1);
  char user[4] = "----";
  CHECK(java.copyIn(r->id, 2, 0, user, r->payloadSize) == GONE || memcmp(user, newer ? "user" : "----", 4) == 0);
  if (strcmp(head, "/strongroom/n") == 0) { /* calls a route of our own: with a worker less, both would wait for ever */
    CHECK(java.invoke(java.epoch, _OrthancPluginService_RestApiDelete, "/strongroom/x", NULL) == CODE_BASE + UNAVAILABLE);
  }
  CHECK(r->headSize == sizeof "/strongroom/x\0q\0v\0content-length" + sizeof "0");
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

/* The end of the URI tells how to answer. */
static void do_filter(const struct record *r) {
  char head[256], ip[32];
  CHECK(r->headSize <= sizeof head && r->size < sizeof ip);
  if (java.copyIn(r->id, 1, 0, head, r->headSize) != OK || java.copyIn(r->id, 0, 0, ip, r->size) != OK) {
    return;
  }
  CHECK(memcmp(ip, "10.0.0.1", 8) == 0 && r->size == 8 && r->getCount == 1 && r->headerCount == 2 && r->detail == OrthancPluginHttpMethod_Put);
  size_t length = strlen(head);
  const char *token = head + length + 1 + sizeof "q\0v\0h\0w\0token";
  CHECK(strcmp(token - 6, "token") == 0 && memcmp(head + length + 1, "q\0v\0h\0w", 8) == 0);
  char answer[300] = {1};
  size_t size = 1 + strlen(token);
  memcpy(answer + 1, token, size);
  switch (head[length - 1]) {
    case 'd':
      answer[0] = 0;
      break;
    case 'r':
      java.complete(r->id, REFUSED);
      return;
    case 'f':
      java.complete(r->id, BUG);
      return;
    case 'e': /* an answer without a byte */
      size = 0;
      break;
    case 'l': /* a token that is too long */
      size = sizeof answer;
      break;
    case 'w': /* neither yes nor no */
      answer[0] = 2;
      break;
    case 's':
      for (int i = 0; i < 1000 && java.alive(r->id) == OK; i++) {
        sleep_ms(10);
      }
      CHECK(java.complete(r->id, 0) == GONE);
      return;
    default:
      break;
  }
  java.allocate(r->id, 0, size);
  java.copyOut(r->id, 0, 0, answer, size);
  java.complete(r->id, 0);
}

static void answer_with(const struct record *r, const char *bytes, size_t size) {
  java.allocate(r->id, 0, size);
  java.copyOut(r->id, 0, 0, bytes, size);
  java.complete(r->id, 0);
}

/* Past the deadline, and then it says yes. */
static void answer_late(const struct record *r) {
  for (int i = 0; i < 1000 && java.alive(r->id) == OK; i++) {
    sleep_ms(10);
  }
  CHECK(java.allocate(r->id, 0, 1) == GONE && java.complete(r->id, 0) == GONE);
}

/* The value of the first tag tells how to answer. */
static void do_find(const struct record *r) {
  char head[256];
  CHECK(r->headSize <= sizeof head && r->getCount == 2 && r->headerCount == 2 && r->size == 0);
  if (java.copyIn(r->id, 1, 0, head, r->headSize) != OK) {
    return;
  }
  static const char old[] = "AET\0called\0ORTHANC\0ip\0\0" "0010,0020\0", new[] = "AET\0called\0ORTHANC\0ip\0" "10.0.0.1\0" "0010,0020\0";
  size_t before = newer ? sizeof new - 1 : sizeof old - 1;
  CHECK(memcmp(head, newer ? new : old, before) == 0);
  CHECK(r->headSize == before + sizeof "x\0" "0010,abcd\0" && memcmp(head + before + 1, "\0" "0010,abcd\0", 12) == 0);
  switch (head[before]) {
    case 'f':
      java.complete(r->id, REFUSED);
      return;
    case 's':
      answer_late(r);
      return;
    case 'u': /* success without an answer */
      java.complete(r->id, 0);
      return;
    case 'n':
      answer_with(r, "\1", 1);
      return;
    case 'i':
      answer_with(r, "\0\1\0\0\0a", 6);
      return;
    case 'w': /* neither whole nor not */
      answer_with(r, "\2", 1);
      return;
    case 'c': /* a size that is cut */
      answer_with(r, "\1\1\0\0", 4);
      return;
    case 'l': /* a size that leaves the answer */
      answer_with(r, "\1\2\0\0\0a", 6);
      return;
    case 'h': /* a huge one */
      answer_with(r, "\1\377\377\377\377a", 6);
      return;
    case 'z': /* what Orthanc does not take */
      answer_with(r, "\1\0\0\0\0", 5);
      return;
    default:
      answer_with(r, "\1\2\0\0\0ab\1\0\0\0c", 12);
  }
}

/* The study tells how to plan, a step how to end. */
static void do_move(const struct record *r) {
  char head[256], step[8];
  CHECK(r->headSize <= sizeof head && r->getCount == 4 && r->headerCount == 0 && r->detail == OrthancPluginResourceType_Study && r->start == 77);
  if (java.copyIn(r->id, 1, 0, head, r->headSize) != OK || (r->kind == MOVE_STEP && java.copyIn(r->id, 0, 0, step, r->size) != OK)) {
    return;
  }
  static const char old[] = "AET\0called\0ORTHANC\0ip\0\0target\0THERE\0study\0", new[] = "AET\0called\0ORTHANC\0ip\0" "10.0.0.1\0target\0THERE\0study\0";
  size_t before = newer ? sizeof new - 1 : sizeof old - 1;
  CHECK(r->headSize == before + 2 && memcmp(head, newer ? new : old, before) == 0);
  char how = r->kind == MOVE_STEP ? step[0] : head[before];
  CHECK(r->kind != MOVE_STEP || r->size == 2);
  switch (how) {
    case 'f':
      java.complete(r->id, FULL);
      return;
    case 's':
      answer_late(r);
      return;
    case 'u':
      java.complete(r->id, 0);
      return;
    case 'e':
      answer_with(r, "", 0);
      return;
    case 'x': /* a text without its end */
      answer_with(r, "o1", 2);
      return;
    case 't':
      answer_with(r, "s1\0o2", 6);
      return;
    default:
      answer_with(r, r->kind == MOVE_STEP ? "" : "o1\0f2\0u3\0o4", r->kind == MOVE_STEP ? 0 : 12);
  }
}

/* The end of the URI tells how to answer. */
static void do_login(const struct record *r) {
  char head[256], ip[8];
  CHECK(r->headSize <= sizeof head && r->size == sizeof ip && r->getCount == 1 && r->headerCount == 1);
  if (java.copyIn(r->id, 1, 0, head, r->headSize) != OK || java.copyIn(r->id, 0, 0, ip, r->size) != OK) {
    return;
  }
  CHECK(memcmp(ip, "10.0.0.1", 8) == 0);
  switch (head[strlen(head) - 1]) {
    case 'g':
      answer_with(r, "\0me", 3);
      return;
    case 'n':
      answer_with(r, "", 1);
      return;
    case 'a':
      answer_with(r, "\1", 1);
      return;
    case 'd':
      answer_with(r, "\2", 1);
      return;
    case 'p':
      answer_with(r, "\3login", 6);
      return;
    case 'w':
      answer_with(r, "\4", 1);
      return;
    case 'e':
      answer_with(r, "", 0);
      return;
    case 'r':
      java.complete(r->id, REFUSED);
      return;
    case 's':
      answer_late(r);
      return;
    default:
      java.complete(r->id, BUG);
  }
}

/* What Orthanc called an instance, by the number in the uuid. */
static char names[NUMBERS][8];

static void do_stored(const struct record *r) {
  char name[8] = "";
  CHECK(r->size < sizeof name);
  if (java.copyIn(r->id, 0, 0, name, r->size) == OK) {
    memcpy(names[number_of(r->uuid)], name, sizeof name);
  }
  if (*name == 's') {
    answer_late(r);
  } else {
    CHECK(java.complete(r->id, *name == 'f' ? BUG : 0) != OUT_OF_RANGE);
  }
}

static char lastJob[8];
static int lastChange;

static void do_job(const struct record *r) {
  char job[8] = "";
  CHECK(r->size < sizeof job && java.copyIn(r->id, 0, 0, job, r->size) == OK);
  memcpy(lastJob, job, sizeof job);
  lastChange = r->detail;
  CHECK(java.complete(r->id, *job == 'f' ? BUG : 0) == 0);
}

static char lastLog[200];

static void do_audit_log(const struct record *r) {
  char texts[sizeof lastLog - 40];
  CHECK(r->headSize < sizeof texts && r->getCount == 4 && r->headerCount == 0 && java.copyIn(r->id, 1, 0, texts, r->headSize) == OK);
  for (size_t i = 0; i + 1 < r->headSize; i++) {
    texts[i] = texts[i] == '\0' ? '|' : texts[i];
  }
  snprintf(lastLog, sizeof lastLog, "%d %d %s", (int)r->detail, (int)r->size, texts);
  CHECK(java.complete(r->id, *texts == 'f' ? BUG : 0) == 0);
}

static void *worker(void *argument) {
  int queue = (int)(intptr_t)argument / WORKERS;
  struct record r;
  int32_t got;
  while (!stopEarly && (got = java.take(java.epoch, queue, &r, 20)) != CLOSED) {
    if (got == NOTHING) {
      continue;
    }
    CHECK(r.kind == (queue == 0 ? 0 : queue == 1 || queue == 7 ? r.kind : queue + (queue >= 8 ? 2 : 1)) && r.payloadSize == (queue == 3 && newer ? 4 : 0));
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
      case 4:
        do_commitment(&r);
        break;
      case 5:
        do_filter(&r);
        break;
      case 6:
        do_find(&r);
        break;
      case 7:
        CHECK(r.kind == 8 || r.kind == MOVE_STEP);
        do_move(&r);
        break;
      case 8:
        do_login(&r);
        break;
      case 9:
        do_stored(&r);
        break;
      case 10:
        do_job(&r);
        break;
      default:
        CHECK(queue == 11);
        do_audit_log(&r);
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
  CHECK(table[0] == 2 && strcmp((const char *)(intptr_t)table[2], "strongroom") == 0);
  memcpy(&java.take, &table[4], 11 * sizeof(int64_t));
  CHECK(java.setDeadline(java.epoch, KINDS, DEADLINE_MS) != OK);
  CHECK(java.setDeadline(java.epoch + 1, 0, DEADLINE_MS) != OK);
  CHECK(java.wantDoor(java.epoch + 1, FILTER, NULL) == CLOSED && java.wantDoor(java.epoch, DOORS, NULL) == OUT_OF_RANGE);
  if (wantDoors) {
    CHECK(java.wantDoor(java.epoch, ROUTE, "/studies") == OK && java.wantDoor(java.epoch, ROUTE, NULL) == OUT_OF_RANGE);
    for (int door = FILTER; door < DOORS; door++) {
      CHECK(java.wantDoor(java.epoch, door, NULL) == OK);
    }
  }
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

static void wait_for(int64_t ms) {
  for (int kind = 0; kind < KINDS; kind++) {
    CHECK(java.setDeadline(java.epoch, kind, ms) == OK);
  }
}

static atomic_uint numbers;

static void receive(const char *aet, OrthancPluginInstanceOrigin origin, const void *content, int64_t size) {
  const struct instance instance = {aet, origin, content, size};
  CHECK(arrivalFilter((const OrthancPluginDicomInstance *)&instance) == 1);
}

/* A modality that is called by the number sends it. */
static OrthancPluginErrorCode create(unsigned number, char how, size_t size) {
  unsigned char content[512];
  char uuid[40];
  snprintf(uuid, sizeof uuid, "%06u", number);
  content[0] = (unsigned char)how;
  for (size_t i = 1; i < size; i++) {
    content[i] = pattern(number, i);
  }
  if (arrivalFilter == NULL) {
    return area.create(uuid, content, (int64_t)size, OrthancPluginContentType_Dicom);
  }
  receive(uuid, OrthancPluginInstanceOrigin_DicomProtocol, content, (int64_t)size);
  OrthancPluginErrorCode code = area.create(uuid, content, (int64_t)size, OrthancPluginContentType_Dicom);
  char source[64];
  snprintf(source, sizeof source, "2|%s||", uuid);
  CHECK(code != 0 || strcmp(sources[number], source) == 0);
  return code;
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

static int32_t ask_filter(const char *uri, const char *token) {
  const char *keys[] = {"q"}, *values[] = {"v"}, *headerKeys[] = {"h", "token"}, *headerValues[] = {"w", token};
  return httpFilter(OrthancPluginHttpMethod_Put, uri, "10.0.0.1", 2, headerKeys, headerValues, 1, keys, values);
}

/* A request as 1.13.0 has it, with what older ones do not have behind it. */
struct request {
  OrthancPluginHttpRequest older;
  const void *payload;
  uint32_t payloadSize;
};

static OrthancPluginErrorCode ask_rest_with(const char *uri, const char *contentLength) {
  struct _OrthancPluginRestOutput_t output = {0, "", ""};
  const char *keys[] = {"q"}, *values[] = {"v"}, *headerKeys[] = {"content-length"}, *headerValues[] = {contentLength};
  const struct request request = {{.method = OrthancPluginHttpMethod_Get,
                                      .getCount = 1,
                                      .getKeys = keys,
                                      .getValues = values,
                                      .headersCount = 1,
                                      .headersKeys = headerKeys,
                                      .headersValues = headerValues},
                                  "user", 4};
  OrthancPluginErrorCode code = rest(&output, uri, &request.older);
  CHECK(code != 0 || (output.status == 201 && strcmp(output.headers, newer ? "K=V;" : "K=V;Content-Type=text/plain;") == 0));
  return code;
}

static OrthancPluginErrorCode ask_rest_of(const char *uri) {
  return ask_rest_with(uri, "0");
}

static OrthancPluginErrorCode ask_rest(void) {
  return ask_rest_of("/strongroom/x");
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
  static const char *const failures[] = {"1.7", "1.f", "1.u", "1.l"};
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

static const char *const CONNECTION[] = {"AET", "10.0.0.1", "ORTHANC"};

static OrthancPluginErrorCode found(const char *value, const char *texts, bool incomplete) {
  struct fake_answers answers = {"", false};
  const struct fake_query query = {value};
  OrthancPluginFindAnswers *target = (OrthancPluginFindAnswers *)&answers;
  const OrthancPluginFindQuery *from = (const OrthancPluginFindQuery *)&query;
  OrthancPluginErrorCode code = newer ? findCallback2(target, from, CONNECTION) : findCallback(target, from, "AET", "ORTHANC");
  CHECK(code != 0 || (strcmp(answers.texts, texts) == 0 && answers.incomplete == incomplete));
  return code;
}

static void *new_driver(const char *study) {
  return newer ? moveCallbacks2.callback(OrthancPluginResourceType_Study, NULL, NULL, study, NULL, NULL, CONNECTION, "THERE", 77)
               : moveCallbacks.callback(OrthancPluginResourceType_Study, NULL, NULL, study, NULL, NULL, "AET", "ORTHANC", "THERE", 77);
}

static uint32_t steps_of(void *driver) {
  return (newer ? moveCallbacks2.getMoveSize : moveCallbacks.getMoveSize)(driver);
}

static OrthancPluginErrorCode next_step(void *driver) {
  return (newer ? moveCallbacks2.applyMove : moveCallbacks.applyMove)(driver);
}

static void end_driver(void *driver) {
  (newer ? moveCallbacks2.freeMove : moveCallbacks.freeMove)(driver);
}

static void *found_and_moved(void *argument) {
  (void)argument;
  CHECK(found("o", "ab;c;", false) == 0 && found("n", "", false) == 0 && found("i", "a;", true) == 0);
  CHECK(found("f", "", false) == CODE_BASE + REFUSED);
  for (const char *bad = "uwclhz"; *bad != '\0'; bad++) {
    const char value[] = {*bad, '\0'};
    CHECK(found(value, "", false) == CODE_BASE + BUG);
  }
  CHECK(new_driver("f") == NULL && new_driver("u") == NULL && new_driver("x") == NULL);
  void *driver = new_driver("o");
  CHECK(driver != NULL && steps_of(driver) == 4);
  /* A step that fails is behind, as one that succeeds. */
  CHECK(next_step(driver) == 0 && next_step(driver) == CODE_BASE + FULL && next_step(driver) == CODE_BASE + BUG && next_step(driver) == 0);
  CHECK(next_step(driver) == CODE_BASE + BUG);
  end_driver(driver);
  driver = new_driver("e");
  CHECK(driver != NULL && steps_of(driver) == 0 && next_step(driver) == CODE_BASE + BUG);
  end_driver(driver);
  driver = new_driver("o"); /* given up between two steps */
  CHECK(next_step(driver) == 0);
  end_driver(driver);
  return NULL;
}

static OrthancPluginErrorCode logged_in(const char *uri, int status, const char *payload, const char *redirection) {
  const char *keys[] = {"q"}, *values[] = {"v"};
  int32_t answer = -1;
  OrthancPluginMemoryBuffer texts[2] = {{NULL, 0}, {NULL, 0}};
  OrthancPluginErrorCode code = authentication(&answer, &texts[0], &texts[1], uri, "10.0.0.1", 1, keys, values, 1, keys, values);
  CHECK(answer == status);
  CHECK(texts[0].size == strlen(payload) && (texts[0].size == 0 || memcmp(texts[0].data, payload, texts[0].size) == 0));
  CHECK(texts[1].size == strlen(redirection) && (texts[1].size == 0 || memcmp(texts[1].data, redirection, texts[1].size) == 0));
  free(texts[0].data);
  free(texts[1].data);
  return code;
}

/* What is no clear answer forbids as well as it fails. */
static void logins(void) {
  CHECK(logged_in("/g", 0, "me", "") == 0 && logged_in("/n", 0, "", "") == 0 && logged_in("/a", 1, "", "") == 0);
  CHECK(logged_in("/d", 2, "", "") == 0 && logged_in("/p", 3, "", "login") == 0 && logged_in("/r", 2, "", "") == 0);
  CHECK(logged_in("/w", 2, "", "") == CODE_BASE + BUG && logged_in("/e", 2, "", "") == CODE_BASE + BUG);
  CHECK(logged_in("/f", 2, "", "") == CODE_BASE + BUG);
}

static void filtered(void) {
  CHECK(ask_filter("/ok", "") == 1 && ask_filter("/d", "") == 0 && ask_filter("/r", "") == 0 && ask_filter("/w", "") == 0);
  CHECK(ask_filter("/f", "") == -1 && ask_filter("/e", "") == -1 && ask_filter("/l", "") == -1);
}

/* Stores `content`; what the worker got as its source. */
static const char *stored_from(const void *content, int64_t size, OrthancPluginContentType type) {
  char uuid[40];
  unsigned number = numbers++;
  snprintf(uuid, sizeof uuid, "%06u", number);
  CHECK(area.create(uuid, content, size, type) == 0);
  return sources[number];
}

static const unsigned char *pattern_content(unsigned number, unsigned char target[500]) {
  target[0] = 'o';
  for (unsigned i = 1; i < 500; i++) {
    target[i] = pattern(number, i);
  }
  return target;
}

/* Reads a whole attachment and a range of one; whether both were for `asker`. */
static bool read_for(const char *asker) {
  unsigned whole = numbers++;
  unsigned range = numbers++;
  strcpy(askers[whole], "nobody read");
  strcpy(askers[range], "nobody read");
  CHECK(read_whole(whole, 'o') == 0 && read_range(range, 'o') == 0);
  return strcmp(askers[whole], asker) == 0 && strcmp(askers[range], asker) == 0;
}

static OrthancPluginErrorCode read_by_api(const char *uri) {
  (void)uri;
  CHECK(read_for("south"));
  return OrthancPluginErrorCode_Success;
}

/* Another thread of Orthanc's, while a request waits for it. */
static void *read_for_nobody(void *argument) {
  (void)argument;
  CHECK(read_for(""));
  return NULL;
}

/* A read is for whom the request of its own thread is, and for nobody else. */
static void *asked_for(void *argument) {
  (void)argument;
  CHECK(read_for(""));
  CHECK(ask_filter("/ok", "north") == 1 && read_for("north") && read_for("north"));
  pthread_t other;
  CHECK(pthread_create(&other, NULL, read_for_nobody, NULL) == 0 && pthread_join(other, NULL) == 0);
  CHECK(ask_filter("/ok", "") == 1 && read_for(""));
  CHECK(ask_filter("/ok", "north") == 1 && ask_filter("/d", "north") == 0 && read_for(""));
  CHECK(ask_filter("/ok", "north") == 1 && ask_filter("/f", "north") == -1 && read_for(""));
  api = read_by_api;
  CHECK(java.invoke(java.epoch, _OrthancPluginService_RestApiDelete, "/instances", "south") == 0 && read_for(""));
  return NULL;
}

static OrthancPluginErrorCode store_by_api(const char *uri) {
  CHECK(strcmp(uri, "/instances") == 0);
  unsigned char bytes[500];
  const unsigned char *content = pattern_content(numbers, bytes);
  receive("", OrthancPluginInstanceOrigin_Plugin, content, 500);
  CHECK(strcmp(stored_from(content, 500, OrthancPluginContentType_Dicom), "4||south|") == 0);
  return OrthancPluginErrorCode_Success;
}

#define STORED(content, size, type) stored_from(content, size, OrthancPluginContentType_##type)

/* Whatever happens between the filter and create, a content never gets the source of another one. */
static void *arrived(void *argument) {
  (void)argument;
  unsigned char bytes[500];
  unsigned char others[500];
  /* Nobody has said anything. */
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Dicom), "1|||") == 0);
  /* A modality: the content, then its beginning, and nothing else. */
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, pattern_content(numbers, bytes), 500);
  CHECK(strcmp(STORED(bytes, 500, Dicom), "2|NORTH_CT||") == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 100, DicomUntilPixelData), "2|NORTH_CT||") == 0);
  CHECK(storedCallback(NULL, "id") == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Dicom), "1|||") == 0);
  /* Another content, another size, an attachment, a beginning without its content: each also ends it. */
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(strcmp(STORED(pattern_content(numbers, others), 500, Dicom), "1|||") == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Dicom), "1|||") == 0);
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 499, Dicom), "1|||") == 0);
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Unknown), "1|||") == 0);
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, DicomUntilPixelData), "1|||") == 0);
  /* A store that failed, a file that Orthanc gave up, another request. */
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, pattern_content(numbers, bytes), 500);
  bytes[0] = 'f';
  char uuid[40];
  snprintf(uuid, sizeof uuid, "%06u", numbers++);
  CHECK(area.create(uuid, bytes, 500, OrthancPluginContentType_Dicom) == CODE_BASE + FULL);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Dicom), "1|||") == 0);
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(area.remove("000000", OrthancPluginContentType_Dicom) == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Dicom), "1|||") == 0);
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(ask_rest() == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Dicom), "1|||") == 0);
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(ask_filter("/ok", "") == 1);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 500, Dicom), "1|||") == 0);
  /* Orthanc compresses: the size stands before other bytes. */
  uint64_t plain = 0;
  pattern_content(numbers, others);
  for (int i = 7; i >= 0; i--) {
    plain = plain << 8 | others[i];
  }
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, (int64_t)plain);
  CHECK(strcmp(STORED(others, 500, Dicom), "2|NORTH_CT||") == 0);
  /* A token is of one request: of this one, until the next. */
  CHECK(ask_filter("/ok", "north") == 1);
  receive("", OrthancPluginInstanceOrigin_RestApi, pattern_content(numbers, bytes), 500);
  CHECK(strcmp(STORED(bytes, 500, Dicom), "3||north|") == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, others), 500, Unknown), "1||north|") == 0);
  CHECK(ask_filter("/ok", "") == 1);
  CHECK(strcmp(STORED(pattern_content(numbers, others), 500, Unknown), "1|||") == 0);
  CHECK(ask_filter("/ok", "north") == 1 && ask_filter("/d", "north") == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, others), 500, Unknown), "1|||") == 0);
  CHECK(ask_filter("/ok", "north") == 1 && ask_filter("/f", "north") == -1);
  CHECK(strcmp(STORED(pattern_content(numbers, others), 500, Unknown), "1|||") == 0);
  /* A call of Java's, and what the same thread does after it. */
  api = store_by_api;
  CHECK(java.invoke(java.epoch, _OrthancPluginService_RestApiDelete, "/instances", "south") == 0);
  CHECK(strcmp(STORED(pattern_content(numbers, others), 500, Dicom), "1|||") == 0);
  return NULL;
}

static void removed(unsigned number) {
  char uuid[40];
  snprintf(uuid, sizeof uuid, "%06u", number);
  CHECK(area.remove(uuid, OrthancPluginContentType_Dicom) == 0);
}

/* Receives and stores one instance of 500 bytes; its number. */
static unsigned received(unsigned char bytes[500]) {
  unsigned number = numbers;
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, pattern_content(number, bytes), 500);
  CHECK(strcmp(STORED(bytes, 500, Dicom), "2|NORTH_CT||") == 0);
  return number;
}

/* Java is told once what Orthanc calls what it has received and kept, whatever it answers; and of nothing else. */
static void *stored(void *argument) {
  (void)argument;
  unsigned char bytes[500];
  unsigned number = received(bytes);
  CHECK(strcmp(STORED(pattern_content(numbers, bytes), 100, DicomUntilPixelData), "1|||") != 0);
  removed(0); /* another one, to make room */
  CHECK(storedCallback(NULL, "one") == 0 && strcmp(names[number], "one") == 0);
  CHECK(storedCallback(NULL, "two") == 0 && strcmp(names[number], "one") == 0);
  number = received(bytes);
  removed(number); /* Orthanc had it already */
  CHECK(storedCallback(NULL, "had") == 0 && *names[number] == '\0');
  number = received(bytes);
  CHECK(storedCallback(NULL, "f") == 0 && strcmp(names[number], "f") == 0);
  /* Written anew: nothing was received. */
  number = numbers;
  CHECK(strcmp(STORED(pattern_content(number, bytes), 500, Dicom), "1|||") == 0);
  CHECK(storedCallback(NULL, "anew") == 0 && *names[number] == '\0');
  /* Received, and never stored; the next one has its own name only. */
  number = received(bytes);
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, bytes, 500);
  CHECK(storedCallback(NULL, "never") == 0 && *names[number] == '\0');
  return NULL;
}

/* Java is told of jobs that begin, and that end, well or not and whatever it answers, and that Orthanc answers; of nothing else. */
static void jobs_end(void) {
  CHECK(changeCallback(OrthancPluginChangeType_JobSubmitted, OrthancPluginResourceType_None, "new") == 0 && strcmp(lastJob, "new") == 0 && lastChange == 16);
  CHECK(changeCallback(OrthancPluginChangeType_JobSuccess, OrthancPluginResourceType_None, "well") == 0 && strcmp(lastJob, "well") == 0 && lastChange == 17);
  CHECK(changeCallback(OrthancPluginChangeType_JobFailure, OrthancPluginResourceType_None, "f") == 0 && strcmp(lastJob, "f") == 0 && lastChange == 18);
  CHECK(changeCallback(OrthancPluginChangeType_NewStudy, OrthancPluginResourceType_Study, "study") == 0 && strcmp(lastJob, "f") == 0);
  CHECK(changeCallback(OrthancPluginChangeType_OrthancStarted, OrthancPluginResourceType_None, NULL) == 0 && *lastJob == '\0' && lastChange == 10);
  *lastJob = '\0';
}

static atomic_bool asking;
static atomic_bool told_slowly;

static OrthancPluginErrorCode answers_slowly(const char *uri) {
  (void)uri;
  asking = true;
  sleep_ms(200);
  told_slowly = true;
  return OrthancPluginErrorCode_Success;
}

static void *ask_slowly(void *unused) {
  CHECK(java.invoke(java.epoch, _OrthancPluginService_RestApiDelete, "/slow", NULL) == 0);
  return unused;
}

/* Before Orthanc stops, whoever asks it something has the answer; afterwards nobody asks, but what Java logs still comes. */
static void stops(void) {
  api = answers_slowly;
  asking = told_slowly = false;
  pthread_t asker = small_thread(ask_slowly, NULL);
  while (!asking) {
    sleep_ms(1);
  }
  CHECK(changeCallback(OrthancPluginChangeType_OrthancStopped, OrthancPluginResourceType_None, NULL) == 0 && told_slowly);
  pthread_join(asker, NULL);
  asking = false;
  CHECK(java.invoke(java.epoch, _OrthancPluginService_RestApiDelete, "/late", NULL) == OrthancPluginErrorCode_BadSequenceOfCalls && !asking);
  CHECK(java.invoke(java.epoch, _OrthancPluginService_LogInfo, "late", NULL) == OrthancPluginErrorCode_Success);
}

/* Other plugins tell; whatever Java makes of it, they go on. */
static void audit_logs(void) {
  CHECK(auditLog("auth", "ann", OrthancPluginResourceType_Study, "id", "view", "{}", 2) == 0);
  CHECK(strcmp(lastLog, "1 2 auth|user|ann|resource|id|action|view|asker|") == 0);
  CHECK(auditLog("fails", NULL, OrthancPluginResourceType_None, NULL, NULL, NULL, 7) == 0);
  CHECK(strcmp(lastLog, "4 0 fails|user||resource||action||asker|") == 0);
}

static void *told_on_this_thread(void *unused) {
  audit_logs();
  return unused;
}

/* Orthanc goes on. */
static void stored_late(void) {
  unsigned char bytes[500];
  unsigned number = numbers;
  receive("NORTH_CT", OrthancPluginInstanceOrigin_DicomProtocol, pattern_content(number, bytes), 500);
  char uuid[40];
  snprintf(uuid, sizeof uuid, "%06u", numbers++);
  if (area.create(uuid, bytes, 500, OrthancPluginContentType_Dicom) == 0) { /* a slow machine may be too late for that */
    CHECK(storedCallback(NULL, "s") == 0);
  }
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

/* What takes too long is an error, except after the point of no return. */
static void deadlines(void) {
  wait_for(DEADLINE_MS);
  CHECK(create(numbers++, 's', 10) == CODE_BASE + UNAVAILABLE);
  CHECK(committed("1.s") == OrthancPluginStorageCommitmentFailureReason_ProcessingFailure);
  CHECK(!wantDoors || ask_filter("/s", "") == -1);
  if (wantDoors) {
    CHECK(found("s", "", false) == CODE_BASE + UNAVAILABLE && new_driver("s") == NULL);
    CHECK(!newer || logged_in("/s", 2, "", "") == CODE_BASE + UNAVAILABLE);
    stored_late();
  }
  int tries = 0;
  while (create(numbers++, 'c', 10) != 0) {
    CHECK(++tries < 100); /* here a slow machine may be too late for the commit itself */
  }
  wait_for(PATIENT_MS);
}

static void one_by_one(void) {
  CHECK(create(numbers++, 'o', 1) == 0);
  CHECK(create(numbers++, 'o', 500) == 0);
  CHECK(create(numbers++, 'f', 10) == CODE_BASE + FULL);
  CHECK(create(numbers++, 'n', 10) == CODE_BASE + BUG);
  CHECK(create(numbers++, 'd', 10) == 0);
  CHECK(read_range(numbers++, 'o') == 0);
  CHECK(read_range(numbers++, 'u') == CODE_BASE + BUG);
  CHECK(read_range(numbers++, 'f') == CODE_BASE + FULL);
  CHECK(read_whole(199799, 'o') == 0);
  CHECK(read_whole(199800, 'o') == 0); /* no bytes at all */
  CHECK(read_whole(199799, 'u') == CODE_BASE + BUG);
  CHECK(ask_rest() == 0);
  api = ask_rest_of;
  CHECK(ask_rest_of("/strongroom/n") == 0);
  CHECK(ask_rest_with("/strongroom/x", "4294967296") == CODE_BASE + REFUSED && ask_rest_with("/strongroom/x", "4") == 0);
  commit_only_if_told();
  CHECK((httpFilter != NULL) == wantDoors && (arrivalFilter != NULL) == wantDoors && (storedCallback != NULL) == wantDoors && (changeCallback != NULL) == wantDoors);
  CHECK((findCallback != NULL) == (wantDoors && !newer) && (findCallback2 != NULL) == (wantDoors && newer));
  CHECK((moveCallbacks.callback != NULL) == (wantDoors && !newer) && (moveCallbacks2.callback != NULL) == (wantDoors && newer));
  CHECK(strcmp(routes[0], "/strongroom(/.*)?") == 0 && routeCount == (wantDoors ? 2 : 1));
  if (wantDoors) {
    CHECK(strcmp(routes[1], "/studies") == 0);
    CHECK(java.wantDoor(java.epoch, FILTER, NULL) == CLOSED);
    filtered();
    pthread_join(small_thread(arrived, NULL), NULL);
    pthread_join(small_thread(asked_for, NULL), NULL);
    pthread_join(small_thread(stored, NULL), NULL);
    jobs_end();
    pthread_t both[2] = {small_thread(found_and_moved, NULL), small_thread(found_and_moved, NULL)};
    pthread_join(both[0], NULL);
    pthread_join(both[1], NULL);
    CHECK((authentication != NULL) == newer);
    CHECK((auditLog != NULL) == newer);
    if (newer) {
      logins();
      pthread_join(small_thread(told_on_this_thread, NULL), NULL);
    }
  }
  deadlines();
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
  CHECK(ask_filter("/ok", "") == -1);
  CHECK(found("o", "", false) == CODE_BASE + UNAVAILABLE && new_driver("o") == NULL && logged_in("/g", 2, "", "") == CODE_BASE + UNAVAILABLE);
  CHECK(auditLog("auth", "ann", OrthancPluginResourceType_None, "", "login", NULL, 0) == 0);
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
  wantDoors = true;
  refusedService = _OrthancPluginService_RegisterIncomingHttpRequestFilter2;
  CHECK(OrthancPluginInitialize(context) == -1);
  CHECK(told("already registered a filter of HTTP requests. Loaded before Strongroom: " OTHER_PLUGIN ". Cure: "));
  refusedService = 0;
  contextOpen = false;
  free(context);
  CHECK(dlclose(other) == 0);
}

int main(void) {
  clash();
  uint64_t oldEpoch = 0;
  uint64_t oldId = 0;
  for (int round = 0; round < ROUNDS; round++) {
    newer = round >= 3;
    version = newer ? "1.13.0" : "1.10.1";
    OrthancPluginContext *context = open_context();
    refuseStart = round == 2;
    wantDoors = round != 1;
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
      CHECK(java.invoke(oldEpoch, _OrthancPluginService_LogInfo, "late", NULL) == OrthancPluginErrorCode_BadSequenceOfCalls);
      /* The Orthanc that was about to stop is here anew, and answers. */
      api = answers_slowly;
      CHECK(java.invoke(java.epoch, _OrthancPluginService_RestApiDelete, "/anew", NULL) == OrthancPluginErrorCode_Success);
    }
    wait_for(PATIENT_MS);
    one_by_one();
    wait_for(DEADLINE_MS);
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
    if (round == 0 || round == ROUNDS - 1) {
      stops();
    }
    void *driver = wantDoors && round != ROUNDS - 1 ? new_driver("o") : NULL;
    OrthancPluginFinalize();
    if (driver != NULL) { /* it outlives the plugin: no step, no crash */
      CHECK(next_step(driver) == CODE_BASE + UNAVAILABLE);
      end_driver(driver);
    }
    CHECK(!wantDoors || found("o", "", false) == CODE_BASE + UNAVAILABLE);
    CHECK(create(1, 'o', 10) == CODE_BASE + UNAVAILABLE);
    CHECK(committed("1.0") == OrthancPluginStorageCommitmentFailureReason_ProcessingFailure);
    CHECK(!wantDoors || ask_filter("/ok", "") == -1);
    if (sending || round == 3) {
      sending = false;
      for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i], NULL);
      }
    }
    compare();
    contextOpen = false;
    free(context);
    CHECK(java.invoke(oldEpoch, _OrthancPluginService_LogInfo, "late", NULL) == OrthancPluginErrorCode_BadSequenceOfCalls);
  }
  CHECK(successes > 100 && failures > 10);
  printf("queues: %u successes, %u errors, every success was Java's\n", successes, failures);
  return 0;
}
