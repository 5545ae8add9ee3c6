/*
 * The doors of Orthanc that are registered only if Java has asked for them before its start ended, so that an installation without them leaves
 * room for other plugins. Their callbacks ask Java as those of loader.c do, each kind with a queue of its own: what answers one never waits for
 * a callback of the same kind. What holds a lock of Orthanc's asks nothing that Java does not answer from memory.
 */
#define _GNU_SOURCE
#include "requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Mirrored by org.strongroom.plugin.bridge.LoaderFunctions. */
enum door { ROUTE, FILTER, ARRIVALS, FINDS, MOVES, LOGINS, JOB_ENDS, AUDIT_LOGS, DOORS };
#define ROUTES 256

static struct {
  pthread_mutex_t lock;
  uint64_t epoch; /* whose Java may ask; 0: nobody */
  bool wanted[DOORS];
  char *routes[ROUTES]; /* owned */
  size_t routeCount;
} doors = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool arrivals; /* written by Initialize, read by its callbacks */

void doors_ask(uint64_t epoch) {
  pthread_mutex_lock(&doors.lock);
  doors.epoch = epoch;
  memset(doors.wanted, 0, sizeof doors.wanted);
  while (doors.routeCount > 0) {
    free(doors.routes[--doors.routeCount]);
  }
  pthread_mutex_unlock(&doors.lock);
}

int32_t want_door(uint64_t epoch, int32_t door, const char *argument) {
  int32_t answer = OUT_OF_RANGE;
  pthread_mutex_lock(&doors.lock);
  if (doors.epoch == 0 || doors.epoch != epoch) {
    answer = CLOSED;
  } else if (door == ROUTE && argument != NULL && doors.routeCount < ROUTES) {
    doors.routes[doors.routeCount] = strdup(argument);
    answer = doors.routes[doors.routeCount] == NULL ? NO_MEMORY : OK;
    doors.routeCount += answer == OK;
  } else if (door > ROUTE && door < DOORS) {
    doors.wanted[door] = true;
    answer = OK;
  }
  pthread_mutex_unlock(&doors.lock);
  return answer;
}

/* ---- Where an instance comes from ---- */

#define AET_BYTES 65
#define TOKEN_BYTES 256 /* with its NUL; mirrored by org.strongroom.plugin.bridge.ArrivalContext */

/*
 * Orthanc receives, filters and stores an instance on one thread, so what the filter sees is left here for create. It is not left for anybody else:
 * it names the very content (pointer and size), and is spent by the first callback that tells that this instance is stored, refused, or forgotten.
 */
static _Thread_local struct {
  const void *content; /* NULL: no instance. Only compared, never read */
  uint64_t size;
  bool seen; /* its DICOM was passed to create; the part before the pixels may follow */
  int32_t origin;
  char created[UUID_BYTES]; /* its file, until Orthanc has it in its index; empty: none */
  char aet[AET_BYTES];
  char token[TOKEN_BYTES]; /* whom this thread works for, from the HTTP filter or a call of Java; empty: nobody said */
} source;

void source_spent(void) {
  source.content = NULL;
}

void source_created(const char *uuid, OrthancPluginContentType type) {
  if (source.seen && type == OrthancPluginContentType_Dicom) {
    snprintf(source.created, sizeof source.created, "%s", uuid);
  }
}

/* What Orthanc had already, it takes away before it says that it is stored; and others, to make room. */
void source_removed(const char *uuid) {
  source_spent();
  if (strcmp(source.created, uuid) == 0) {
    *source.created = '\0';
  }
}

void source_token(const char *token) {
  source_spent();
  snprintf(source.token, sizeof source.token, "%s", token == NULL ? "" : token);
}

const char *source_asker(void) {
  return source.token;
}

/* Whether this is the noted instance, or its beginning. Orthanc's StorageCompression puts the size before other bytes. */
static bool is_noted(const void *content, uint64_t size, OrthancPluginContentType type) {
  if (source.content == NULL || (type != OrthancPluginContentType_Dicom && type != OrthancPluginContentType_DicomUntilPixelData)) {
    return false;
  }
  uint64_t plain = size;
  if (content != source.content) {
    if (size < sizeof plain) {
      return false;
    }
    plain = 0;
    for (int i = (int)sizeof plain - 1; i >= 0; i--) {
      plain = plain << 8 | ((const unsigned char *)content)[i];
    }
  }
  return type == OrthancPluginContentType_Dicom ? plain == source.size : source.seen && plain <= source.size;
}

size_t source_of(const void *content, int64_t size, OrthancPluginContentType type, char target[SOURCE_BYTES]) {
  if (!arrivals) {
    return 0;
  }
  bool noted = is_noted(content, (uint64_t)size, type);
  int origin = noted ? source.origin : OrthancPluginInstanceOrigin_Unknown;
  size_t length = (size_t)snprintf(target, SOURCE_BYTES, "%d%c%s%c%s", origin, '\0', noted ? source.aet : "", '\0', source.token) + 1;
  source.seen = noted;
  if (!noted) {
    source_spent();
  }
  return length;
}

/* Holds a lock of Orthanc's: never waits. Always lets the instance pass. */
static int32_t on_arrival(const OrthancPluginDicomInstance *instance) {
  source_spent();
  source.seen = false;
  *source.created = '\0';
  OrthancPluginContext *context = visit(0);
  if (context != NULL) {
    const char *aet = OrthancPluginGetInstanceRemoteAet(context, instance);
    snprintf(source.aet, sizeof source.aet, "%s", aet == NULL ? "" : aet);
    source.origin = (int32_t)OrthancPluginGetInstanceOrigin(context, instance);
    source.size = (uint64_t)OrthancPluginGetInstanceSize(context, instance);
    source.content = OrthancPluginGetInstanceData(context, instance);
    leave();
  }
  return 1;
}

/* Holds a lock of Orthanc's: tells Java what Orthanc calls the instance, which says how it has read the file. */
static OrthancPluginErrorCode on_stored(const OrthancPluginDicomInstance *instance, const char *id) {
  (void)instance;
  source_spent();
  struct slot *slot = *source.created == '\0' ? NULL : begin(STORED);
  if (slot != NULL) {
    memcpy(slot->uuid, source.created, UUID_BYTES);
    slot->in[0] = id;
    slot->inSize[0] = strlen(id);
    ask(slot);
    finish(slot, OrthancPluginErrorCode_Success);
  }
  *source.created = '\0';
  return OrthancPluginErrorCode_Success;
}

/* ---- Jobs, and Orthanc's own start and end ---- */

/*
 * On a thread of Orthanc's for such news: Java takes the job's name and looks for what it is, or what became of it, afterwards. That it is about to stop
 * Orthanc tells before anything has stopped, and waits: a thread that asks it for something while it takes itself apart would end it ("mutex lock failed").
 */
static OrthancPluginErrorCode on_change(OrthancPluginChangeType change, OrthancPluginResourceType type, const char *id) {
  (void)type;
  if (change == OrthancPluginChangeType_OrthancStopped) {
    ask_no_more();
  }
  bool begun = change == OrthancPluginChangeType_JobSubmitted;
  bool ended = change == OrthancPluginChangeType_JobSuccess || change == OrthancPluginChangeType_JobFailure;
  bool answers = change == OrthancPluginChangeType_OrthancStarted;
  const char *job = answers ? "" : id;
  struct slot *slot = (begun || ended || answers) && job != NULL ? begin(JOB_END) : NULL;
  if (slot != NULL) {
    slot->detail = (int32_t)change;
    slot->in[0] = job;
    slot->inSize[0] = strlen(job);
    ask(slot);
    finish(slot, OrthancPluginErrorCode_Success);
  }
  return OrthancPluginErrorCode_Success;
}

/* ---- Audit logs ---- */

/* What the SDK of 1.12.9 has for it. */
#define REGISTER_AUDIT_LOG 1022

/*
 * On the thread of the plugin that tells of something, which may be that of a request: Java records it before that plugin goes on. What cannot be
 * recorded is no failure of what it tells of, so the answer is success; of what it adds Java learns only the size.
 */
static OrthancPluginErrorCode on_audit_log(const char *plugin, const char *user, OrthancPluginResourceType type, const char *id, const char *action,
                                           const void *data, uint32_t size) {
  struct slot *slot = begin(AUDIT_LOG);
  if (slot == NULL) {
    return OrthancPluginErrorCode_Success;
  }
  const char *keys[] = {"user", "resource", "action", "asker"};
  const char *values[] = {user == NULL ? "" : user, id == NULL ? "" : id, action == NULL ? "" : action, source_asker()};
  if (put_texts(slot, plugin == NULL ? "" : plugin, (struct pairs){4, keys, values}, (struct pairs){0, NULL, NULL})) {
    slot->detail = (int32_t)type;
    slot->in[0] = data;
    slot->inSize[0] = data == NULL ? 0 : size;
    ask(slot);
    free((void *)(uintptr_t)slot->in[1]);
  }
  return finish(slot, OrthancPluginErrorCode_Success);
}

/* ---- HTTP ---- */

/* 1 lets the request pass, 0 is a bare 403, everything else an error 500. */
static int32_t on_http_request(OrthancPluginHttpMethod method, const char *uri, const char *ip, uint32_t headerCount, const char *const *headerKeys,
                               const char *const *headerValues, uint32_t argumentCount, const char *const *argumentKeys,
                               const char *const *argumentValues) {
  source_token(NULL); /* of the request before on this thread */
  struct slot *slot = begin(HTTP_FILTER);
  if (slot == NULL) {
    return -1;
  }
  int32_t answer = -1;
  if (put_texts(slot, uri, (struct pairs){argumentCount, argumentKeys, argumentValues}, (struct pairs){headerCount, headerKeys, headerValues})) {
    slot->detail = (int32_t)method;
    slot->in[0] = ip;
    slot->inSize[0] = strlen(ip);
    int failure = ask(slot);
    if (failure == REFUSED) {
      answer = 0;
    } else if (failure == 0 && slot->outSize[0] >= 1 && slot->outSize[0] <= TOKEN_BYTES) {
      answer = slot->out[0][0] == 1;
      char token[TOKEN_BYTES] = "";
      memcpy(token, slot->out[0] + 1, slot->outSize[0] - 1);
      source_token(answer == 1 ? token : NULL);
    }
    free((void *)(uintptr_t)slot->in[1]);
    free(slot->out[0]);
  }
  finish(slot, OrthancPluginErrorCode_Success);
  return answer;
}

/* What the SDK of 1.12.9 has for it. */
#define REGISTER_AUTHENTICATION 1021
enum { GRANTED, UNAUTHORIZED, FORBIDDEN, REDIRECT };

/* Gives Orthanc a copy of `size` bytes that it will free. */
static bool give_text(OrthancPluginMemoryBuffer *target, const uint8_t *bytes, uint64_t size) {
  OrthancPluginContext *context = size <= UINT32_MAX ? visit(0) : NULL;
  if (context == NULL) {
    return false;
  }
  bool given = OrthancPluginCreateMemoryBuffer(context, target, (uint32_t)size) == OrthancPluginErrorCode_Success;
  leave();
  if (given && size > 0) {
    memcpy(target->data, bytes, size);
  }
  return given;
}

/* Java's answer is the status in one byte, then the payload or where to go. */
static OrthancPluginErrorCode on_authentication(int32_t *status, OrthancPluginMemoryBuffer *payload, OrthancPluginMemoryBuffer *redirection,
                                                const char *uri, const char *ip, uint32_t headerCount, const char *const *headerKeys,
                                                const char *const *headerValues, uint32_t argumentCount, const char *const *argumentKeys,
                                                const char *const *argumentValues) {
  *status = FORBIDDEN;
  source_token(NULL);
  struct slot *slot = begin(AUTHENTICATION);
  if (slot == NULL) {
    return codes[UNAVAILABLE];
  }
  int failure = UNAVAILABLE;
  if (put_texts(slot, uri, (struct pairs){argumentCount, argumentKeys, argumentValues}, (struct pairs){headerCount, headerKeys, headerValues})) {
    slot->in[0] = ip;
    slot->inSize[0] = strlen(ip);
    failure = ask(slot);
    if (failure == 0 && (slot->outSize[0] == 0 || *slot->out[0] > REDIRECT)) {
      failure = BUG;
    } else if (failure == 0) {
      int32_t answer = *slot->out[0];
      OrthancPluginMemoryBuffer *target = answer == GRANTED ? payload : answer == REDIRECT ? redirection : NULL;
      failure = target == NULL || give_text(target, slot->out[0] + 1, slot->outSize[0] - 1) ? 0 : UNAVAILABLE;
      *status = failure == 0 ? answer : FORBIDDEN;
    } else if (failure == REFUSED) {
      failure = 0; /* FORBIDDEN */
    }
    free((void *)(uintptr_t)slot->in[1]);
    free(slot->out[0]);
  }
  return finish(slot, codes[failure]);
}

/* ---- Registering ---- */

static char *register_authentication(OrthancPluginContext *context) {
  const struct {
    OrthancPluginErrorCode (*callback)(int32_t *, OrthancPluginMemoryBuffer *, OrthancPluginMemoryBuffer *, const char *, const char *, uint32_t,
                                       const char *const *, const char *const *, uint32_t, const char *const *, const char *const *);
  } door = {on_authentication};
  return refusal(context->InvokeService(context, (_OrthancPluginService)REGISTER_AUTHENTICATION, &door), "an authentication of HTTP requests");
}

static char *register_routes(OrthancPluginContext *context, OrthancPluginRestCallback rest) {
  char *others = other_plugins();
  if (doors.routeCount > 0 && *others != '\0') {
    loader_log(LOG_WARNING, "Strongroom: plugins loaded before it keep the routes that both answer: %s. Cure: list libStrongroom.so first in \"Plugins\"",
               others);
  }
  free(others);
  char *error = NULL;
  for (size_t i = 0; i < doors.routeCount && error == NULL; i++) {
    _OrthancPluginRestCallback route = {doors.routes[i], rest};
    error = refusal(context->InvokeService(context, _OrthancPluginService_RegisterRestCallbackNoLock, &route), "a REST route");
  }
  return error;
}

static char *register_arrivals(OrthancPluginContext *context) {
  _OrthancPluginIncomingDicomInstanceFilter filter = {on_arrival};
  OrthancPluginErrorCode code = context->InvokeService(context, _OrthancPluginService_RegisterIncomingDicomInstanceFilter, &filter);
  if (code == OrthancPluginErrorCode_Success) {
    _OrthancPluginOnStoredInstanceCallback stored = {on_stored};
    code = context->InvokeService(context, _OrthancPluginService_RegisterOnStoredInstanceCallback, &stored);
  }
  return refusal(code, "a filter of incoming instances");
}

static char *register_filter(OrthancPluginContext *context) {
  _OrthancPluginIncomingHttpRequestFilter2 filter = {on_http_request};
  return refusal(context->InvokeService(context, _OrthancPluginService_RegisterIncomingHttpRequestFilter2, &filter), "a filter of HTTP requests");
}

static char *register_job_ends(OrthancPluginContext *context) {
  _OrthancPluginOnChangeCallback changes = {on_change};
  return refusal(context->InvokeService(context, _OrthancPluginService_RegisterOnChangeCallback, &changes), "a listener to changes");
}

static char *register_audit_logs(OrthancPluginContext *context) {
  const struct {
    OrthancPluginErrorCode (*handler)(const char *, const char *, OrthancPluginResourceType, const char *, const char *, const void *, uint32_t);
  } door = {on_audit_log};
  return refusal(context->InvokeService(context, (_OrthancPluginService)REGISTER_AUDIT_LOG, &door), "a listener to audit logs");
}

char *doors_register(OrthancPluginContext *context, OrthancPluginRestCallback rest) {
  pthread_mutex_lock(&doors.lock);
  doors.epoch = 0; /* nothing changes from here on */
  pthread_mutex_unlock(&doors.lock);
  arrivals = doors.wanted[ARRIVALS];
  char *error = register_routes(context, rest);
  if (error == NULL && arrivals) {
    error = register_arrivals(context);
  }
  if (error == NULL && doors.wanted[FILTER]) {
    error = register_filter(context);
  }
  if (error == NULL && doors.wanted[LOGINS] && OrthancPluginCheckVersionAdvanced(context, 1, 12, 9) != 0) {
    error = register_authentication(context);
  }
  if (error == NULL && doors.wanted[JOB_ENDS]) {
    error = register_job_ends(context);
  }
  if (error == NULL && doors.wanted[AUDIT_LOGS] && OrthancPluginCheckVersionAdvanced(context, 1, 12, 9) != 0) {
    error = register_audit_logs(context);
  }
  if (error == NULL) {
    error = dimse_register(context, doors.wanted[FINDS], doors.wanted[MOVES]);
  }
  return error;
}
