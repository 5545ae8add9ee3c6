/* What the callbacks in loader.c and doors.c share: the way to Orthanc's context, and the requests that wait for Java. */
#ifndef STRONGROOM_REQUESTS_H
#define STRONGROOM_REQUESTS_H

#include "loader.h"

#include <orthanc/OrthancCPlugin.h>
#include <pthread.h>

#define UUID_BYTES 40
#define PARTS 3 /* 0: content, body, SOP class, IP address, step of a move, name of an instance or a job, or what an audit log adds; 1: texts, or who asks for a read; 2: who Orthanc says has logged in */

/* Mirrored by org.strongroom.plugin.bridge.Request. */
enum kind { CREATE, READ_WHOLE, READ_RANGE, REMOVE, REST, COMMITMENT, HTTP_FILTER, FIND, MOVE, MOVE_STEP, AUTHENTICATION, STORED, JOB_END, AUDIT_LOG, KINDS };
enum {
  CREATE_QUEUE,
  READ_QUEUE,
  REMOVE_QUEUE,
  REST_QUEUE,
  COMMITMENT_QUEUE,
  HTTP_FILTER_QUEUE,
  FIND_QUEUE,
  MOVE_QUEUE,
  AUTHENTICATION_QUEUE,
  STORED_QUEUE,
  JOB_END_QUEUE,
  AUDIT_LOG_QUEUE,
  QUEUES
};
/* Mirrored by org.strongroom.plugin.bridge.Failures; 0 is success. */
enum failure { REFUSED = 1, NOT_FOUND, CORRUPT, STALE, UNAVAILABLE, FULL, BUG, ARCHIVED };
#define FAILURES 9
/* What functions called by Java answer. */
enum { OK = 0, GONE = 1, OUT_OF_RANGE = 2, NO_MEMORY = 3, CLOSED = -1, NOTHING = -2 };

enum state { FREE, QUEUED, TAKEN, COMMITTED, DONE };

/* One waiting callback. Slots are static and never go away, so that a late call of Java finds at worst another id. */
struct slot {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  /* Under lock: */
  uint64_t id; /* use count * SLOTS + index, never used twice; Java's name for the request */
  enum state state;
  enum kind kind;
  int failure; /* once DONE; 0 is success */
  int32_t detail;              /* content type, HTTP method, level of a move, or kind of resource */
  uint64_t start;              /* of a range; the message ID of a move */
  uint32_t getCount;           /* pairs in the texts: HTTP arguments, who asks or what is told first … */
  uint32_t headerCount;        /* … then headers or the tags of a query */
  char uuid[UUID_BYTES];
  const void *in[PARTS];       /* Orthanc's, or of the callback's frame; valid while the state is TAKEN or COMMITTED */
  uint64_t inSize[PARTS];
  uint8_t *out[PARTS];         /* READ_RANGE: Orthanc's target. READ_WHOLE: Orthanc's memory, ours until handed over. Else ours (malloc) */
  uint64_t outSize[PARTS];
  uint64_t filled[PARTS];
  bool allocated[PARTS];
  /* Under the lock of its queue: */
  struct slot *next;
  struct slot *previous;
  bool linked;
  uint64_t queuedId; /* the id that was put on the queue */
  /* Under freeLock: */
  struct slot *nextFree;
};

/* Orthanc's names of our failures, by enum failure; [0] is success. Written by Initialize, read by its callbacks. */
extern OrthancPluginErrorCode codes[];

/* Orthanc's context for a short visit, or NULL if it is gone or another than that of `epoch` (0: any). Ends with leave(). */
OrthancPluginContext *visit(uint64_t epoch);
void leave(void);

/* From now until the next Initialize no thread of Java's asks Orthanc's REST API or index anything; waits some seconds for those who do. */
void ask_no_more(void);

/* A slot for one callback and the right to be inside, or NULL: then nothing was taken. Ends with finish(), which passes `answer` on. */
struct slot *begin(enum kind kind);
OrthancPluginErrorCode finish(struct slot *slot, OrthancPluginErrorCode answer);

/* Puts a filled slot on its queue and waits for Java, at most until the deadline. The failure, 0 for success. Afterwards Java's calls with this
 * id are refused, so the callback owns all of the slot's fields again. */
int ask(struct slot *slot);

/* Makes part 1 of the slot from texts one after the other, each with its NUL: `first`, the pairs of a GET's arguments, then those of the headers.
 * The caller frees the slot's in[1] after ask(). False without memory. */
struct pairs {
  uint32_t count;
  const char *const *keys;
  const char *const *values;
};
bool put_texts(struct slot *slot, const char *first, struct pairs arguments, struct pairs headers);

/* Why Orthanc must not run without `what`, for example "a storage area", or NULL if `code` is success. The caller frees it. */
char *refusal(OrthancPluginErrorCode code, const char *what);
/* The plugins that Orthanc has loaded beside this one, in new memory owned by the caller. Orthanc itself tells nobody before it runs. */
char *other_plugins(void);

/* ---- doors.c ---- */

/* Java may ask for doors from now on, until doors_register(). Called by Initialize only, as is doors_register(). */
void doors_ask(uint64_t epoch);
/* Called by Java during its start: registers this door too. `argument` is a route's regular expression, else NULL; it is copied. */
int32_t want_door(uint64_t epoch, int32_t door, const char *argument);
/* Registers what was asked for. NULL, or why Orthanc must not run; the caller frees it. */
char *doors_register(OrthancPluginContext *context, OrthancPluginRestCallback rest);

/* dimse.c: registers C-FIND and C-MOVE. As doors_register(). */
char *dimse_register(OrthancPluginContext *context, bool finds, bool moves);

/* Where the content comes from that this thread is about to store, as texts in `target`; their size, 0 if Java did not ask for it. */
#define SOURCE_BYTES 512
size_t source_of(const void *content, int64_t size, OrthancPluginContentType type, char target[SOURCE_BYTES]);
/* The instance that this thread received is stored, or never will be. */
void source_spent(void);
/* The content that source_of() was asked about is stored under this name, or is removed again. */
void source_created(const char *uuid, OrthancPluginContentType type);
void source_removed(const char *uuid);
/* For whom the calling thread works now, until its next request; empty: nobody said. The thread's own, valid while it waits. */
const char *source_asker(void);
/* From now on the calling thread works for `token`; NULL: for nobody. */
void source_token(const char *token);

#endif
