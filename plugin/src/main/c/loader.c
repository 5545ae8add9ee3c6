/*
 * libStrongroom.so, as Orthanc sees it. Orthanc's threads never enter Java: each callback puts a request on a queue and waits; Java's workers take
 * requests by calling the functions below by address. A callback answers success only if Java said so for this very request; everything else,
 * a deadline included, is an error code.
 *
 * Ownership. What Orthanc passes to a callback (content, target, HTTP request) is Orthanc's and lives until the callback returns. Java never gets
 * such a pointer: it names a request by its id, and every copy happens under the request's lock after checking that the id still lives there.
 * Locks, in the order in which they may nest: slot.lock before gate; queue.lock and freeLock alone.
 */
#define _GNU_SOURCE
#include "guard.h"
#include "requests.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

OLD_GLIBC(dladdr, "2.2.5", "2.17");
OLD_GLIBC(dlclose, "2.2.5", "2.17");
OLD_GLIBC(dlopen, "2.2.5", "2.17");
OLD_GLIBC(dlsym, "2.2.5", "2.17");
OLD_GLIBC(pthread_condattr_setclock, "2.3.3", "2.17");
OLD_GLIBC(pthread_once, "2.2.5", "2.17");
/* What the headers of glibc 2.38 and newer make of sscanf in OrthancCPlugin.h, of atoi and strtoull. */
OLD_GLIBC_NAME(__isoc23_sscanf, __isoc99_sscanf, "2.7", "2.17");
OLD_GLIBC_NAME(__isoc23_strtol, strtol, "2.2.5", "2.17");
OLD_GLIBC_NAME(__isoc23_strtoull, strtoull, "2.2.5", "2.17");

#ifndef STRONGROOM_VERSION
#define STRONGROOM_VERSION "development"
#endif

#define SLOTS 1024           /* more than Orthanc has threads */
#define START_SECONDS 300    /* Initialize waits this long for Java */
#define STOP_SECONDS 60      /* Finalize waits this long for Java … */
#define DRAIN_SECONDS 30     /* … after waiting this long for requests … */
#define LEAVE_SECONDS 60     /* … and then this long for Java threads that are inside Orthanc */
#define ANSWER_SECONDS 5     /* before Orthanc stops, for those it still answers */
#define COMMIT_SECONDS 600   /* after its point of no return a request waits this much longer */
/* Behind them ARCHIVED once more, for each half hour of a day: Orthanc takes the text of a failure only in advance. */
#define HALF_HOURS 48
#define CODES (FAILURES + HALF_HOURS)
static const struct {
  uint16_t httpStatus;
  const char *message;
} FAILURE[FAILURES] = {
    [REFUSED] = {403, "Strongroom refuses this; see the log"},
    [NOT_FOUND] = {404, "Strongroom does not know this attachment"},
    [CORRUPT] = {422, "Strongroom: the stored bytes are not genuine; nothing was read"},
    [STALE] = {409, "Strongroom: the stored bytes are not the newest; nothing was read"},
    [UNAVAILABLE] = {503, "Strongroom: storage is not available now, try again later"},
    [FULL] = {507, "Strongroom: no room, nothing was stored"},
    [BUG] = {500, "Strongroom: internal error, nothing was done; see the log"},
    [ARCHIVED] = {503, "Strongroom: the study is being brought back from the archive, which takes hours; try again later"},
};

static const char *const KIND_NAME[KINDS] = {"create", "read", "range read", "remove", "REST request", "storage commitment",
                                              "HTTP request to filter", "C-FIND", "C-MOVE", "step of a C-MOVE", "HTTP request to authenticate", "stored instance", "end of a job", "audit log"};
static const unsigned char QUEUE_OF[KINDS] = {CREATE_QUEUE, READ_QUEUE,       READ_QUEUE,       REMOVE_QUEUE,
                                              REST_QUEUE,   COMMITMENT_QUEUE, HTTP_FILTER_QUEUE, FIND_QUEUE, MOVE_QUEUE, MOVE_QUEUE, AUTHENTICATION_QUEUE, STORED_QUEUE,
                                              JOB_END_QUEUE, AUDIT_LOG_QUEUE};
static _Atomic int64_t deadlineMs[KINDS];

OrthancPluginErrorCode codes[CODES];

static bool hasPayload; /* a REST request says who has logged in; written by Initialize, read by its callbacks */

/* ---- Time ---- */

static struct timespec in_ms(int64_t ms) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_sec += ms / 1000;
  t.tv_nsec += (ms % 1000) * 1000000;
  if (t.tv_nsec >= 1000000000) {
    t.tv_sec++;
    t.tv_nsec -= 1000000000;
  }
  return t;
}

static void init_condition(pthread_cond_t *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

/* ---- The gate: who may use Orthanc's context ---- */

static struct {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  OrthancPluginContext *context; /* Orthanc's, from Initialize to the end of Finalize; NULL otherwise */
  uint64_t epoch;                /* of this context; never used twice */
  bool accepting;                /* callbacks may ask Java */
  unsigned callers;              /* callbacks inside */
  unsigned visitors;             /* other threads inside Orthanc's services */
  bool mute;                     /* Orthanc is about to stop: it is asked nothing any more */
  unsigned askers;               /* visitors inside Orthanc's REST API and index */
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER};

OrthancPluginContext *visit(uint64_t epoch) {
  pthread_mutex_lock(&gate.lock);
  OrthancPluginContext *context = epoch == 0 || epoch == gate.epoch ? gate.context : NULL;
  if (context != NULL) {
    gate.visitors++;
  }
  pthread_mutex_unlock(&gate.lock);
  return context;
}

void leave(void) {
  pthread_mutex_lock(&gate.lock);
  gate.visitors--;
  pthread_cond_broadcast(&gate.changed);
  pthread_mutex_unlock(&gate.lock);
}

/* Whether Orthanc may be asked something now; if so, ends with have_answer(). */
static bool may_ask(void) {
  pthread_mutex_lock(&gate.lock);
  bool may = !gate.mute;
  gate.askers += may;
  pthread_mutex_unlock(&gate.lock);
  return may;
}

static void have_answer(void) {
  pthread_mutex_lock(&gate.lock);
  gate.askers--;
  pthread_cond_broadcast(&gate.changed);
  pthread_mutex_unlock(&gate.lock);
}

/* Waits until nobody is counted by `*count` (a member of gate); whether that was so in time. */
static bool wait_until_none(const unsigned *count, int seconds) {
  struct timespec deadline = in_ms(seconds * 1000);
  pthread_mutex_lock(&gate.lock);
  while (*count > 0 && pthread_cond_timedwait(&gate.changed, &gate.lock, &deadline) == 0) {
  }
  bool none = *count == 0;
  pthread_mutex_unlock(&gate.lock);
  return none;
}

void ask_no_more(void) {
  pthread_mutex_lock(&gate.lock);
  gate.mute = true;
  pthread_mutex_unlock(&gate.lock);
  wait_until_none(&gate.askers, ANSWER_SECONDS);
}

void loader_log(enum log_level level, const char *format, ...) {
  OrthancPluginContext *context = visit(0);
  if (context == NULL) {
    return;
  }
  char line[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  context->InvokeService(context, (_OrthancPluginService)level, line);
  leave();
}

/* ---- Requests ---- */

static struct slot slots[SLOTS];
static pthread_mutex_t freeLock = PTHREAD_MUTEX_INITIALIZER;
static struct slot *freeSlots;

static struct queue {
  pthread_mutex_t lock;
  pthread_cond_t arrived;
  uint64_t epoch; /* whose workers may take; 0: closed */
  struct slot *first;
  struct slot *last;
} queues[QUEUES];

static void make_once(void) {
  init_condition(&gate.changed);
  for (int i = 0; i < QUEUES; i++) {
    pthread_mutex_init(&queues[i].lock, NULL);
    init_condition(&queues[i].arrived);
  }
  for (int i = SLOTS - 1; i >= 0; i--) {
    pthread_mutex_init(&slots[i].lock, NULL);
    init_condition(&slots[i].changed);
    slots[i].id = (uint64_t)i;
    slots[i].nextFree = freeSlots;
    freeSlots = &slots[i];
  }
}

/* 1 + the queue of the request that this thread of Java's has taken; 0 on all other threads. */
static _Thread_local int ownQueue;

struct slot *begin(enum kind kind) {
  if (ownQueue == QUEUE_OF[kind] + 1) {
    loader_log(LOG_ERROR, "Strongroom: a %s caused another one, which would wait for itself and was refused", KIND_NAME[kind]);
    return NULL;
  }
  pthread_mutex_lock(&gate.lock);
  bool inside = gate.accepting;
  if (inside) {
    gate.callers++;
  }
  pthread_mutex_unlock(&gate.lock);
  if (!inside) {
    return NULL;
  }
  pthread_mutex_lock(&freeLock);
  struct slot *slot = freeSlots;
  if (slot != NULL) {
    freeSlots = slot->nextFree;
  }
  pthread_mutex_unlock(&freeLock);
  if (slot == NULL) {
    loader_log(LOG_ERROR, "Strongroom: %d requests wait for Java already, a %s was refused", SLOTS, KIND_NAME[kind]);
    pthread_mutex_lock(&gate.lock);
    gate.callers--;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.lock);
    return NULL;
  }
  pthread_mutex_lock(&slot->lock);
  slot->id += SLOTS;
  slot->kind = kind;
  slot->failure = BUG;
  slot->detail = 0;
  slot->start = 0;
  slot->getCount = 0;
  slot->headerCount = 0;
  slot->uuid[0] = '\0';
  for (int part = 0; part < PARTS; part++) {
    slot->in[part] = NULL;
    slot->inSize[part] = 0;
    slot->out[part] = NULL;
    slot->outSize[part] = 0;
    slot->filled[part] = 0;
    slot->allocated[part] = false;
  }
  pthread_mutex_unlock(&slot->lock);
  return slot;
}

OrthancPluginErrorCode finish(struct slot *slot, OrthancPluginErrorCode answer) {
  pthread_mutex_lock(&freeLock);
  slot->nextFree = freeSlots;
  freeSlots = slot;
  pthread_mutex_unlock(&freeLock);
  pthread_mutex_lock(&gate.lock);
  gate.callers--;
  pthread_cond_broadcast(&gate.changed);
  pthread_mutex_unlock(&gate.lock);
  return answer;
}

/* With the queue's lock held. */
static void unlink_slot(struct queue *queue, struct slot *slot) {
  if (slot->linked) {
    *(slot->previous == NULL ? &queue->first : &slot->previous->next) = slot->next;
    *(slot->next == NULL ? &queue->last : &slot->next->previous) = slot->previous;
    slot->linked = false;
  }
}

int ask(struct slot *slot) {
  struct queue *queue = &queues[QUEUE_OF[slot->kind]];
  struct timespec deadline = in_ms(atomic_load(&deadlineMs[slot->kind]));
  pthread_mutex_lock(&slot->lock);
  slot->state = QUEUED;
  pthread_mutex_unlock(&slot->lock);

  pthread_mutex_lock(&queue->lock);
  if (queue->epoch != 0) {
    slot->previous = queue->last;
    slot->next = NULL;
    *(queue->last == NULL ? &queue->first : &queue->last->next) = slot;
    queue->last = slot;
    slot->linked = true;
    slot->queuedId = slot->id; /* only this thread changes the id */
    pthread_cond_signal(&queue->arrived);
  }
  bool posted = slot->linked;
  pthread_mutex_unlock(&queue->lock);

  pthread_mutex_lock(&slot->lock);
  enum state expired = FREE;
  if (!posted && slot->state == QUEUED) {
    slot->state = DONE;
    slot->failure = UNAVAILABLE;
  }
  while (slot->state != DONE) {
    if (pthread_cond_timedwait(&slot->changed, &slot->lock, &deadline) == 0 || slot->state == DONE) {
      continue;
    }
    if (slot->state == COMMITTED && expired == FREE) {
      deadline = in_ms(COMMIT_SECONDS * 1000);
      expired = COMMITTED;
      continue;
    }
    expired = slot->state;
    slot->state = DONE;
    slot->failure = UNAVAILABLE;
  }
  slot->state = FREE;
  int failure = slot->failure;
  pthread_mutex_unlock(&slot->lock);

  pthread_mutex_lock(&queue->lock);
  unlink_slot(queue, slot);
  pthread_mutex_unlock(&queue->lock);
  if (failure != 0 && expired != FREE) {
    loader_log(LOG_ERROR, "Strongroom: a %s was %s past its deadline and was answered with an error %s", KIND_NAME[slot->kind],
               expired == QUEUED ? "still queued" : "still being worked on", slot->uuid);
  }
  return failure;
}

/* ---- Functions that Java calls by address, on any of its threads ---- */

/* The slot of a living request, locked; NULL if nobody waits under this id any more. */
static struct slot *living(uint64_t id) {
  struct slot *slot = &slots[id % SLOTS];
  pthread_mutex_lock(&slot->lock);
  if (slot->id == id && (slot->state == TAKEN || slot->state == COMMITTED)) {
    return slot;
  }
  pthread_mutex_unlock(&slot->lock);
  return NULL;
}

/* What take() writes into Java's buffer; mirrored by org.strongroom.plugin.bridge.Request. */
struct record {
  uint64_t id;
  int64_t kind;
  int64_t detail;
  uint64_t size; /* of the content to copy in, or of the range to copy out */
  uint64_t start;
  int64_t getCount;
  int64_t headerCount;
  uint64_t textsSize;
  uint64_t payloadSize;
  char uuid[UUID_BYTES];
};

/* Waits for a request at most `ms`. OK, NOTHING, or CLOSED: then the worker ends. `record` is Java's, written before this returns. */
static int32_t take(uint64_t epoch, int32_t which, struct record *record, int64_t ms) {
  ownQueue = 0;
  if (which < 0 || which >= QUEUES) {
    return CLOSED;
  }
  struct queue *queue = &queues[which];
  struct timespec deadline = in_ms(ms);
  for (;;) {
    pthread_mutex_lock(&queue->lock);
    int waited = 0;
    while (queue->first == NULL && queue->epoch == epoch && waited == 0) {
      waited = pthread_cond_timedwait(&queue->arrived, &queue->lock, &deadline);
    }
    if (queue->epoch != epoch || queue->first == NULL) {
      int32_t answer = queue->epoch != epoch ? CLOSED : NOTHING;
      pthread_mutex_unlock(&queue->lock);
      return answer;
    }
    struct slot *slot = queue->first;
    uint64_t id = slot->queuedId;
    unlink_slot(queue, slot);
    pthread_mutex_unlock(&queue->lock);

    /* Meanwhile the request may have timed out, and its slot may even hold another one. */
    pthread_mutex_lock(&slot->lock);
    bool mine = slot->state == QUEUED && slot->id == id;
    if (mine) {
      slot->state = TAKEN;
      *record = (struct record){.id = slot->id,
                                .kind = slot->kind,
                                .detail = slot->detail,
                                .size = slot->kind == READ_RANGE ? slot->outSize[0] : slot->inSize[0],
                                .start = slot->start,
                                .getCount = slot->getCount,
                                .headerCount = slot->headerCount,
                                .textsSize = slot->inSize[1],
                                .payloadSize = slot->inSize[2]};
      memcpy(record->uuid, slot->uuid, UUID_BYTES);
    }
    pthread_mutex_unlock(&slot->lock);
    if (mine) {
      ownQueue = which + 1;
      return OK;
    }
  }
}

/* Copies from what Orthanc gave into Java's memory. */
static int32_t copy_in(uint64_t id, int32_t part, uint64_t offset, void *target, uint64_t length) {
  struct slot *slot = living(id);
  if (slot == NULL) {
    return GONE;
  }
  int32_t answer = OUT_OF_RANGE;
  if (part >= 0 && part < PARTS && offset <= slot->inSize[part] && length <= slot->inSize[part] - offset) {
    if (length > 0) {
      memcpy(target, (const uint8_t *)slot->in[part] + offset, length);
    }
    answer = OK;
  }
  pthread_mutex_unlock(&slot->lock);
  return answer;
}

/* Makes room for an answer, once per part: Orthanc's memory for a whole read, ours for everything that is no storage. */
static int32_t allocate(uint64_t id, int32_t part, uint64_t size) {
  struct slot *slot = living(id);
  if (slot == NULL) {
    return GONE;
  }
  int32_t answer = OUT_OF_RANGE;
  bool ours = slot->kind >= REST;
  if (part >= 0 && part < PARTS && !slot->allocated[part] && (ours || (slot->kind == READ_WHOLE && part == 0))) {
    if (ours) {
      slot->out[part] = malloc(size == 0 ? 1 : size);
      slot->allocated[part] = slot->out[part] != NULL;
    } else {
      OrthancPluginContext *context = visit(0);
      OrthancPluginMemoryBuffer64 buffer = {NULL, 0};
      slot->allocated[part] = context != NULL && OrthancPluginCreateMemoryBuffer64(context, &buffer, size) == OrthancPluginErrorCode_Success;
      slot->out[part] = buffer.data;
      if (context != NULL) {
        leave();
      }
    }
    slot->outSize[part] = slot->allocated[part] ? size : 0;
    answer = slot->allocated[part] ? OK : NO_MEMORY;
  }
  pthread_mutex_unlock(&slot->lock);
  return answer;
}

/* Copies from Java's memory into the answer. */
static int32_t copy_out(uint64_t id, int32_t part, uint64_t offset, const void *source, uint64_t length) {
  struct slot *slot = living(id);
  if (slot == NULL) {
    return GONE;
  }
  int32_t answer = OUT_OF_RANGE;
  if (part >= 0 && part < PARTS && slot->allocated[part] && offset <= slot->outSize[part] && length <= slot->outSize[part] - offset) {
    if (length > 0) {
      memcpy(slot->out[part] + offset, source, length);
      if (offset == 0) slot->filled[part] = 0; /* answers are filled from their start; a second source begins again */
      slot->filled[part] += length;
    }
    answer = OK;
  }
  pthread_mutex_unlock(&slot->lock);
  return answer;
}

/* The point of no return: OK if Orthanc still waits, and from now on until complete(). */
static int32_t commit(uint64_t id) {
  struct slot *slot = living(id);
  if (slot == NULL) {
    return GONE;
  }
  slot->state = COMMITTED;
  pthread_mutex_unlock(&slot->lock);
  return OK;
}

static int32_t alive(uint64_t id) {
  struct slot *slot = living(id);
  if (slot == NULL) {
    return GONE;
  }
  pthread_mutex_unlock(&slot->lock);
  return OK;
}

/* Ends a request: 0 is success, else an enum failure. GONE if nobody waited: then nothing was acknowledged. OUT_OF_RANGE if success was claimed for
 * a read that is not filled: then the callback fails. */
static int32_t complete(uint64_t id, int32_t failure) {
  struct slot *slot = living(id);
  if (slot == NULL) {
    return GONE;
  }
  int32_t answer = OK;
  bool answers = slot->kind != CREATE && slot->kind != REMOVE && slot->kind != STORED && slot->kind != JOB_END && slot->kind != AUDIT_LOG;
  bool unfilled = answers && (!slot->allocated[0] || slot->filled[0] < slot->outSize[0]);
  if (failure < 0 || failure >= CODES || (failure == 0 && unfilled)) {
    answer = OUT_OF_RANGE;
    failure = BUG;
  }
  slot->failure = failure;
  slot->state = DONE;
  pthread_cond_signal(&slot->changed);
  pthread_mutex_unlock(&slot->lock);
  return answer;
}

static int32_t set_deadline(uint64_t epoch, int32_t kind, int64_t ms) {
  if (kind < 0 || kind >= KINDS || ms <= 0 || ms > INT32_MAX || visit(epoch) == NULL) {
    return CLOSED;
  }
  atomic_store(&deadlineMs[kind], ms);
  leave();
  return OK;
}

/* Services 3000 to 3999 go into the REST API and the index, which Orthanc takes apart while plugins still live. */
static bool asks_orthanc(int32_t service) {
  return service / 1000 == _OrthancPluginService_RestApiGet / 1000;
}

/* One of Orthanc's services; its error code, InternalError if it threw something, or BadSequenceOfCalls if the context of `epoch` is closed or what it
 * asks is no longer there. `parameters` is Java's, and `token`, which what Orthanc stores during the call arrives with; NULL: none. */
static int32_t invoke(uint64_t epoch, int32_t service, const void *parameters, const char *token) {
  OrthancPluginContext *context = visit(epoch);
  if (context == NULL) {
    return OrthancPluginErrorCode_BadSequenceOfCalls;
  }
  bool asks = asks_orthanc(service);
  int32_t code = OrthancPluginErrorCode_BadSequenceOfCalls;
  if (!asks || may_ask()) {
    source_token(token);
    code = guarded_service(context, service, parameters);
    source_token(NULL);
    if (asks) {
      have_answer();
    }
  }
  leave();
  return code;
}

/* Gives back memory that a service of Orthanc has made. */
static void release(uint64_t epoch, void *memory) {
  OrthancPluginContext *context = visit(epoch);
  if (context != NULL) {
    context->Free(memory);
    leave();
  }
}

/* ---- Callbacks, on Orthanc's threads ---- */

static struct slot *begin_storage(enum kind kind, const char *uuid, OrthancPluginContentType type) {
  struct slot *slot = strlen(uuid) < UUID_BYTES ? begin(kind) : NULL;
  if (slot != NULL) {
    memcpy(slot->uuid, uuid, strlen(uuid) + 1);
    slot->detail = (int32_t)type;
  }
  return slot;
}

static OrthancPluginErrorCode on_create(const char *uuid, const void *content, int64_t size, OrthancPluginContentType type) {
  struct slot *slot = begin_storage(CREATE, uuid, type);
  if (slot == NULL) {
    return codes[UNAVAILABLE];
  }
  char source[SOURCE_BYTES];
  slot->in[0] = content;
  slot->inSize[0] = (uint64_t)size;
  slot->in[1] = source;
  slot->inSize[1] = source_of(content, size, type, source);
  int failure = ask(slot);
  if (failure != 0) {
    source_spent();
  } else {
    source_created(uuid, type);
  }
  return finish(slot, codes[failure]);
}

static struct slot *begin_read(enum kind kind, const char *uuid, OrthancPluginContentType type) {
  struct slot *slot = begin_storage(kind, uuid, type);
  if (slot != NULL) {
    slot->in[1] = source_asker();
    slot->inSize[1] = strlen(slot->in[1]);
  }
  return slot;
}

static OrthancPluginErrorCode on_read_whole(OrthancPluginMemoryBuffer64 *target, const char *uuid, OrthancPluginContentType type) {
  struct slot *slot = begin_read(READ_WHOLE, uuid, type);
  if (slot == NULL) {
    return codes[UNAVAILABLE];
  }
  int failure = ask(slot);
  if (failure == 0) {
    target->data = slot->out[0];
    target->size = slot->outSize[0];
  } else if (slot->out[0] != NULL) {
    OrthancPluginContext *context = visit(0);
    if (context != NULL) {
      context->Free(slot->out[0]);
      leave();
    }
  }
  return finish(slot, codes[failure]);
}

static OrthancPluginErrorCode on_read_range(OrthancPluginMemoryBuffer64 *target, const char *uuid, OrthancPluginContentType type,
                                            uint64_t start) {
  struct slot *slot = begin_read(READ_RANGE, uuid, type);
  if (slot == NULL) {
    return codes[UNAVAILABLE];
  }
  slot->start = start;
  slot->out[0] = target->data;
  slot->outSize[0] = target->size;
  slot->allocated[0] = true;
  return finish(slot, codes[ask(slot)]);
}

static OrthancPluginErrorCode on_remove(const char *uuid, OrthancPluginContentType type) {
  source_removed(uuid);
  struct slot *slot = begin_storage(REMOVE, uuid, type);
  return slot == NULL ? codes[UNAVAILABLE] : finish(slot, codes[ask(slot)]);
}

static void write_pairs(FILE *file, struct pairs pairs) {
  for (uint32_t i = 0; i < pairs.count; i++) {
    fwrite(pairs.keys[i], 1, strlen(pairs.keys[i]) + 1, file);
    fwrite(pairs.values[i], 1, strlen(pairs.values[i]) + 1, file);
  }
}

bool put_texts(struct slot *slot, const char *first, struct pairs arguments, struct pairs headers) {
  char *texts = NULL;
  size_t length = 0;
  FILE *file = open_memstream(&texts, &length);
  if (file == NULL) {
    return false;
  }
  fwrite(first, 1, strlen(first) + 1, file);
  write_pairs(file, arguments);
  write_pairs(file, headers);
  if (fclose(file) != 0) {
    free(texts);
    return false;
  }
  slot->getCount = arguments.count;
  slot->headerCount = headers.count;
  slot->in[1] = texts;
  slot->inSize[1] = length;
  return true;
}

/* Sends Java's answer: status, content type and headers from its head, then the body. */
static OrthancPluginErrorCode send_answer(OrthancPluginRestOutput *output, const struct slot *slot) {
  const char *head = (const char *)slot->out[1];
  const char *limit = head + slot->outSize[1];
  if (head == NULL || head == limit || limit[-1] != '\0' || slot->filled[1] < slot->outSize[1] || slot->outSize[0] > UINT32_MAX) {
    return codes[BUG];
  }
  int status = atoi(head);
  const char *type = head + strlen(head) + 1;
  if (type >= limit || status < 200 || status > 599) {
    return codes[BUG];
  }
  OrthancPluginContext *context = visit(0);
  if (context == NULL) {
    return codes[UNAVAILABLE];
  }
  const char *allow = "";
  const char *key = type + strlen(type) + 1;
  while (key < limit) {
    const char *value = key + strlen(key) + 1;
    if (value >= limit) {
      break;
    }
    if (status == 405 && strcmp(key, "Allow") == 0) {
      allow = value;
    } else {
      OrthancPluginSetHttpHeader(context, output, key, value);
    }
    key = value + strlen(value) + 1;
  }
  uint32_t size = (uint32_t)slot->outSize[0];
  if (status == 200) {
    OrthancPluginAnswerBuffer(context, output, slot->out[0], size, type);
  } else if (status == 405) {
    OrthancPluginSendMethodNotAllowed(context, output, allow); /* Orthanc knows no other way to say it, and no body */
  } else {
    /* From 1.12.2 on Orthanc itself says text/plain here; a second header would contradict it. */
    if (*type != '\0' && size > 0 && OrthancPluginCheckVersionAdvanced(context, 1, 12, 2) == 0) {
      OrthancPluginSetHttpHeader(context, output, "Content-Type", type);
    }
    OrthancPluginSendHttpStatus(context, output, (uint16_t)status, (const char *)slot->out[0], size);
  }
  leave();
  return OrthancPluginErrorCode_Success;
}

/* What OrthancPluginHttpRequest has grown to. */
struct request_1_12_9 {
  OrthancPluginHttpRequest older;
  const void *payload;
  uint32_t payloadSize;
};

/* Whether the body is larger than Orthanc can tell: it passes the size on modulo 4 GB. */
static bool is_cut(const OrthancPluginHttpRequest *request) {
  for (uint32_t i = 0; i < request->headersCount; i++) {
    if (strcmp(request->headersKeys[i], "content-length") == 0 && strtoull(request->headersValues[i], NULL, 10) > UINT32_MAX) {
      return true;
    }
  }
  return false;
}

static OrthancPluginErrorCode on_rest(OrthancPluginRestOutput *output, const char *url, const OrthancPluginHttpRequest *request) {
  source_spent();
  if (is_cut(request)) {
    loader_log(LOG_ERROR, "Strongroom: a body larger than 4 GB was refused: Orthanc passes on only a part of it. Cure: send it by C-STORE");
    return codes[REFUSED];
  }
  struct slot *slot = begin(REST);
  if (slot == NULL) {
    return codes[UNAVAILABLE];
  }
  if (!put_texts(slot, url, (struct pairs){request->getCount, request->getKeys, request->getValues},
                 (struct pairs){request->headersCount, request->headersKeys, request->headersValues})) {
    return finish(slot, codes[UNAVAILABLE]);
  }
  slot->detail = (int32_t)request->method;
  slot->in[0] = request->body;
  slot->inSize[0] = request->bodySize;
  if (hasPayload) {
    slot->in[2] = ((const struct request_1_12_9 *)request)->payload;
    slot->inSize[2] = ((const struct request_1_12_9 *)request)->payloadSize;
  }
  int failure = ask(slot);
  OrthancPluginErrorCode answer = failure == 0 ? send_answer(output, slot) : codes[failure];
  free((void *)(uintptr_t)slot->in[1]);
  free(slot->out[0]);
  free(slot->out[1]);
  return finish(slot, answer);
}

/* Orthanc's job asks for one instance after the other and wants an object for all of them; there is nothing to remember. */
static OrthancPluginErrorCode on_commitment(void **handler, const char *job, const char *transaction, const char *const *classes,
                                            const char *const *instances, uint32_t count, const char *remote, const char *called) {
  (void)job, (void)transaction, (void)classes, (void)instances, (void)count, (void)remote, (void)called;
  static char nothing;
  *handler = &nothing;
  return OrthancPluginErrorCode_Success;
}

static void on_commitment_end(void *handler) {
  (void)handler;
}

/* Always succeeds: an error would end Orthanc's job, and the modality would never hear of any of its instances. */
static OrthancPluginErrorCode on_commitment_lookup(OrthancPluginStorageCommitmentFailureReason *reason, void *handler, const char *class,
                                                   const char *instance) {
  (void)handler;
  *reason = OrthancPluginStorageCommitmentFailureReason_ProcessingFailure;
  struct slot *slot = begin(COMMITMENT);
  if (slot == NULL) {
    return OrthancPluginErrorCode_Success;
  }
  slot->in[0] = class;
  slot->inSize[0] = strlen(class);
  slot->in[1] = instance;
  slot->inSize[1] = strlen(instance);
  if (ask(slot) == 0 && slot->outSize[0] == 1 && *slot->out[0] <= OrthancPluginStorageCommitmentFailureReason_DuplicateTransactionUID) {
    *reason = (OrthancPluginStorageCommitmentFailureReason)*slot->out[0];
  }
  free(slot->out[0]);
  free(slot->out[1]);
  return finish(slot, OrthancPluginErrorCode_Success);
}

/* A job that fails, for one that must not go on. */
static float no_progress(void *job) {
  (void)job;
  return 0;
}

static const char *no_text(void *job) {
  (void)job;
  return NULL;
}

static OrthancPluginJobStepStatus fail_step(void *job) {
  (void)job;
  loader_log(LOG_WARNING, "Strongroom: a storage commitment was interrupted by the end of Orthanc and is not answered; its modality will ask again");
  return OrthancPluginJobStepStatus_Failure;
}

static OrthancPluginErrorCode ignore_stop(void *job, OrthancPluginJobStopReason reason) {
  (void)job, (void)reason;
  return OrthancPluginErrorCode_Success;
}

static OrthancPluginErrorCode ignore_reset(void *job) {
  (void)job;
  return OrthancPluginErrorCode_Success;
}

/* Orthanc asks on_commitment only in a job's first step. A job that it saved behind that step and restores would look by itself whether the images
 * can be read, and commit to them without receipts: it fails instead. Orthanc lists a finished job as well, once more and without its content. */
static OrthancPluginJob *on_restored_job(const char *type, const char *serialized) {
  if (strcmp(type, "StorageCommitmentScp") != 0 || strstr(serialized, "\"Position\" : 0,") != NULL) {
    return NULL; /* Orthanc restores it itself */
  }
  static char nothing;
  OrthancPluginJob *job = NULL;
  OrthancPluginContext *context = visit(0);
  if (context != NULL) {
    const _OrthancPluginCreateJob failing = {&job,    &nothing, on_commitment_end, type,        no_progress,
                                             no_text, no_text,  fail_step,         ignore_stop, ignore_reset};
    context->InvokeService(context, _OrthancPluginService_CreateJob, &failing); /* copies the type */
    leave();
  }
  return job;
}

/* ---- Life ---- */

static void open_queues(uint64_t epoch) {
  for (int i = 0; i < QUEUES; i++) {
    pthread_mutex_lock(&queues[i].lock);
    queues[i].epoch = epoch;
    pthread_cond_broadcast(&queues[i].arrived);
    pthread_mutex_unlock(&queues[i].lock);
  }
}

/* Every callback that still waits gets an error. */
static void abort_requests(void) {
  for (int i = 0; i < SLOTS; i++) {
    pthread_mutex_lock(&slots[i].lock);
    if (slots[i].state == QUEUED || slots[i].state == TAKEN || slots[i].state == COMMITTED) {
      slots[i].state = DONE;
      slots[i].failure = UNAVAILABLE;
      pthread_cond_signal(&slots[i].changed);
    }
    pthread_mutex_unlock(&slots[i].lock);
  }
}

static bool javaRuns; /* Loader.start has succeeded and Loader.stop was not called; used by Initialize and Finalize only */

/* Ends the use of the context: after this no thread of ours is inside Orthanc. */
static void close_context(void) {
  OrthancPluginContext *context = gate.context; /* only Initialize and Finalize write it, on this thread */
  pthread_mutex_lock(&gate.lock);
  gate.accepting = false;
  pthread_mutex_unlock(&gate.lock);
  if (!wait_until_none(&gate.callers, DRAIN_SECONDS)) {
    loader_log(LOG_ERROR, "Strongroom: requests did not end within %d seconds and are answered with an error", DRAIN_SECONDS);
    abort_requests();
  }
  open_queues(0);
  char *error = javaRuns ? java_stop(STOP_SECONDS) : NULL;
  javaRuns = false;
  if (error != NULL) {
    loader_log(LOG_ERROR, "Strongroom: %s", error);
    free(error);
  }
  bool out = wait_until_none(&gate.callers, LEAVE_SECONDS);
  pthread_mutex_lock(&gate.lock);
  gate.context = NULL;
  pthread_mutex_unlock(&gate.lock);
  if (!out || !wait_until_none(&gate.visitors, LEAVE_SECONDS)) {
    /* Orthanc frees the context when we return; a thread that is still inside would then touch freed memory of a process that holds keys. */
    OrthancPluginLogError(context, "Strongroom: a thread does not come back from Orthanc; the process ends to be safe. What was acknowledged is stored");
    _exit(70);
  }
}

/* The folder of this library, in new memory owned by the caller. */
static char *own_folder(void) {
  Dl_info info;
  if (dladdr(&gate, &info) == 0 || info.dli_fname == NULL) {
    return NULL;
  }
  char *path = realpath(info.dli_fname, NULL);
  char *slash = path == NULL ? NULL : strrchr(path, '/');
  if (slash != NULL) {
    *slash = '\0';
  }
  return path;
}

static void apply_no_delay(bool wanted) {
  /* DCMTK reads it per connection: without it a sender waits for delayed acknowledgements. A value set by the administrator stays. */
  static bool ours;
  if (wanted && getenv("TCP_NODELAY") == NULL) {
    ours = setenv("TCP_NODELAY", "1", 0) == 0;
  } else if (!wanted && ours) {
    ours = unsetenv("TCP_NODELAY") != 0;
  }
}

static void register_failures(OrthancPluginContext *context) {
  codes[0] = OrthancPluginErrorCode_Success;
  for (int i = 1; i < CODES; i++) {
    char ready[128];
    const char *message = FAILURE[i < FAILURES ? i : ARCHIVED].message;
    if (i >= FAILURES) {
      int halfHour = i - FAILURES;
      snprintf(ready, sizeof ready, "Strongroom: the study is being brought back from the archive, ready about %02d:%02d",
               halfHour / 2, halfHour % 2 * 30);
      message = ready; /* Orthanc copies it */
    }
    codes[i] = OrthancPluginRegisterErrorCode(context, i, FAILURE[i < FAILURES ? i : ARCHIVED].httpStatus, message);
    if (codes[i] == OrthancPluginErrorCode_Success || codes[i] == OrthancPluginErrorCode_Plugin) {
      codes[i] = OrthancPluginErrorCode_StorageAreaPlugin; /* not registered: still an error */
    }
  }
}

/* Adds a library's path and a newline to the stream. */
static int list_library(struct dl_phdr_info *info, size_t size, void *stream) {
  (void)size;
  if (info->dlpi_name != NULL && info->dlpi_name[0] == '/') {
    fprintf(stream, "%s\n", info->dlpi_name);
  }
  return 0;
}

/* Whether the loaded library at `path` is a plugin of Orthanc's, and not this one. */
static bool is_other_plugin(const char *path) {
  void *library = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  if (library == NULL) {
    return false;
  }
  void *initialize = dlsym(library, "OrthancPluginInitialize");
  Dl_info owner;
  Dl_info own;
  bool other = initialize != NULL && dladdr(initialize, &owner) != 0 && dladdr(&gate, &own) != 0 && owner.dli_fbase != own.dli_fbase;
  dlclose(library);
  return other;
}

char *other_plugins(void) {
  char *paths = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&paths, &size);
  if (stream != NULL) {
    dl_iterate_phdr(list_library, stream);
    fclose(stream);
  }
  char *found = text("%s", "");
  char *rest = NULL;
  for (char *path = paths == NULL ? NULL : strtok_r(paths, "\n", &rest); path != NULL; path = strtok_r(NULL, "\n", &rest)) {
    if (is_other_plugin(path)) {
      char *more = text("%s%s%s", found, *found == '\0' ? "" : ", ", path);
      free(found);
      found = more;
    }
  }
  free(paths);
  return found;
}

char *refusal(OrthancPluginErrorCode code, const char *what) {
  if (code == OrthancPluginErrorCode_Success) {
    return NULL;
  }
  /* What Orthanc says where it takes one plugin only. */
  if (code != OrthancPluginErrorCode_StorageAreaAlreadyRegistered && code != OrthancPluginErrorCode_Plugin) {
    return text("Orthanc refused %s (error code %d)", what, (int)code);
  }
  char *others = other_plugins();
  char *error = text("another plugin has already registered %s. Loaded before Strongroom: %s. Cure: remove the one that does so from \"Plugins\"", what,
                     *others == '\0' ? "unknown" : others);
  free(others);
  return error;
}

static char *register_callbacks(OrthancPluginContext *context) {
  _OrthancPluginRegisterStorageArea2 area = {on_create, on_read_whole, on_read_range, on_remove};
  char *error = refusal(context->InvokeService(context, _OrthancPluginService_RegisterStorageArea2, &area),
                        "a storage area (an object-storage or storage plugin)");
  if (error != NULL) {
    return error;
  }
  _OrthancPluginRestCallback rest = {"/strongroom(/.*)?", on_rest};
  error = refusal(context->InvokeService(context, _OrthancPluginService_RegisterRestCallbackNoLock, &rest), "a REST route");
  if (error != NULL) {
    return error;
  }
  _OrthancPluginRegisterStorageCommitmentScpCallback commitment = {on_commitment, on_commitment_end, on_commitment_lookup};
  OrthancPluginErrorCode code = context->InvokeService(context, _OrthancPluginService_RegisterStorageCommitmentScpCallback, &commitment);
  if (code == OrthancPluginErrorCode_Success) {
    _OrthancPluginJobsUnserializer jobs = {on_restored_job};
    code = context->InvokeService(context, _OrthancPluginService_RegisterJobsUnserializer, &jobs);
  }
  error = refusal(code, "the storage commitment");
  return error != NULL ? error : doors_register(context, on_rest);
}

/* Reads the settings, starts Java, registers. NULL, or an error. */
static char *start(OrthancPluginContext *context, uint64_t epoch) {
  char *json = OrthancPluginGetConfiguration(context);
  if (json == NULL) {
    return text("Orthanc does not give its configuration");
  }
  struct settings settings;
  char *error = settings_read(json, &settings);
  OrthancPluginFreeString(context, json);
  char *dist = error == NULL ? own_folder() : NULL;
  if (error == NULL && dist == NULL) {
    error = text("the folder of libStrongroom.so cannot be found");
  }
  if (error == NULL) {
    apply_no_delay(settings.tcpNoDelay);
    register_failures(context);
    static const int64_t ms[KINDS] = {[CREATE] = 120000, [READ_WHOLE] = 300000, [READ_RANGE] = 300000, [REMOVE] = 120000, [REST] = 300000,
                                      [COMMITMENT] = 60000, [HTTP_FILTER] = 30000, [FIND] = 60000, [MOVE] = 60000,
                                      [MOVE_STEP] = 600000, [AUTHENTICATION] = 30000, [STORED] = 30000, [JOB_END] = 10000, [AUDIT_LOG] = 30000};
    for (int i = 0; i < KINDS; i++) {
      atomic_store(&deadlineMs[i], ms[i]);
    }
    hasPayload = OrthancPluginCheckVersionAdvanced(context, 1, 12, 9) != 0;
    open_queues(epoch);
    doors_ask(epoch);
    /* Mirrored by org.strongroom.plugin.bridge.LoaderFunctions. */
    const int64_t table[TABLE_WORDS] = {2,
                                        (int64_t)epoch,
                                        (intptr_t)OrthancPluginGetName(),
                                        (intptr_t)context->orthancVersion,
                                        (intptr_t)take,
                                        (intptr_t)copy_in,
                                        (intptr_t)allocate,
                                        (intptr_t)copy_out,
                                        (intptr_t)commit,
                                        (intptr_t)alive,
                                        (intptr_t)complete,
                                        (intptr_t)set_deadline,
                                        (intptr_t)invoke,
                                        (intptr_t)release,
                                        (intptr_t)want_door};
    error = java_start(&settings, dist, table, START_SECONDS);
    javaRuns = error == NULL;
  }
  free(dist);
  settings_free(&settings);
  return error != NULL ? error : register_callbacks(context);
}

ORTHANC_PLUGINS_API int32_t OrthancPluginInitialize(OrthancPluginContext *context);
ORTHANC_PLUGINS_API void OrthancPluginFinalize(void);
ORTHANC_PLUGINS_API const char *OrthancPluginGetName(void);
ORTHANC_PLUGINS_API const char *OrthancPluginGetVersion(void);

ORTHANC_PLUGINS_API int32_t OrthancPluginInitialize(OrthancPluginContext *context) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  static uint64_t epochs; /* Initialize runs on one thread at a time */
  pthread_once(&once, make_once);
  if (OrthancPluginCheckVersionAdvanced(context, 1, 10, 1) == 0) {
    OrthancPluginLogError(context, "Strongroom does not start: it needs Orthanc 1.10.1 or newer. Nothing is stored. Cure: upgrade Orthanc");
    return -1;
  }
  pthread_mutex_lock(&gate.lock);
  gate.context = context;
  gate.mute = false;
  gate.epoch = ++epochs;
  pthread_mutex_unlock(&gate.lock);
  /* What OrthancPluginSetDescription does on 1.10.1; from 1.12.7 on its name is deprecated, and the new one is not in the older SDK. */
  _OrthancPluginSetPluginProperty description = {OrthancPluginGetName(), _OrthancPluginProperty_Description,
                                                 "Seals every file before it is stored and ships it to cloud tiers"};
  context->InvokeService(context, _OrthancPluginService_SetPluginProperty, &description);
  char *error = start(context, gate.epoch);
  if (error != NULL) {
    loader_log(LOG_ERROR, "Strongroom does not start, so Orthanc must not run: %s", error);
    free(error);
    close_context();
    return -1;
  }
  pthread_mutex_lock(&gate.lock);
  gate.accepting = true;
  pthread_mutex_unlock(&gate.lock);
  return 0;
}

ORTHANC_PLUGINS_API void OrthancPluginFinalize(void) {
  if (gate.context != NULL) {
    close_context();
  }
}

ORTHANC_PLUGINS_API const char *OrthancPluginGetName(void) {
  return "strongroom";
}

ORTHANC_PLUGINS_API const char *OrthancPluginGetVersion(void) {
  return STRONGROOM_VERSION;
}
