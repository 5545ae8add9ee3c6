/*
 * C-FIND and C-MOVE, answered by Java instead of Orthanc. Worklists stay with whoever answers them.
 *
 * Ownership. Everything that Orthanc passes is read here, on its thread, and copied into the texts of a request; Java's answer comes back as bytes
 * that are taken apart here as well. A move lives in a driver, which only Orthanc's thread of that association uses; Java remembers nothing of it,
 * so that nothing is left there if Orthanc gives it up between two images.
 */
#define _GNU_SOURCE
#include "requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Who is asking ---- */

/* What the SDK of 1.12.10 has for it. */
#define REGISTER_FIND_2 1023
#define REGISTER_MOVE_2 1024
enum connection_service { REMOTE_AET = 10000, REMOTE_IP = 10001, CALLED_AET = 10002 };

struct connection {
  const char *aet;
  const char *called;
  const char *ip; /* empty before 1.12.10 */
};

/* A text of Orthanc's, valid until the callback ends. Called inside a visit. */
static const char *text_of(OrthancPluginContext *context, const void *connection, enum connection_service service) {
  const char *found = NULL;
  const struct {
    const void *connection;
    const char **result;
  } parameters = {connection, &found};
  OrthancPluginErrorCode code = context->InvokeService(context, (_OrthancPluginService)service, &parameters);
  return code != OrthancPluginErrorCode_Success || found == NULL ? "" : found;
}

static struct connection connection_of(const void *connection) {
  struct connection found = {"", "", ""};
  OrthancPluginContext *context = visit(0);
  if (context != NULL) {
    found = (struct connection){text_of(context, connection, REMOTE_AET), text_of(context, connection, CALLED_AET),
                                text_of(context, connection, REMOTE_IP)};
    leave();
  }
  return found;
}

/* ---- C-FIND ---- */

#define TAG_BYTES 10 /* "gggg,eeee" */

/* Makes the slot's texts of a query: who asks, then each tag with its value. False if it cannot be read whole: then nobody may answer it. */
static bool put_query(struct slot *slot, OrthancPluginContext *context, const OrthancPluginFindQuery *query, struct connection from) {
  uint32_t count = OrthancPluginGetFindQuerySize(context, query);
  char(*tags)[TAG_BYTES] = calloc((size_t)count + 1, sizeof *tags);
  const char **keys = calloc((size_t)count + 1, sizeof *keys);
  char **owned = calloc((size_t)count + 1, sizeof *owned);
  const char **values = calloc((size_t)count + 1, sizeof *values);
  bool whole = tags != NULL && keys != NULL && owned != NULL && values != NULL;
  uint32_t read = 0;
  while (whole && read < count) {
    uint16_t group = 0, element = 0;
    whole = OrthancPluginGetFindQueryTag(context, &group, &element, query, read) == OrthancPluginErrorCode_Success;
    owned[read] = OrthancPluginGetFindQueryValue(context, query, read); /* NULL where Orthanc knows no text, for example a sequence */
    snprintf(tags[read], TAG_BYTES, "%04x,%04x", group, element);
    keys[read] = tags[read];
    values[read] = owned[read] == NULL ? "" : owned[read];
    read++;
  }
  const char *called[] = {"called", "ip"}, *who[] = {from.called, from.ip};
  whole = whole && put_texts(slot, from.aet, (struct pairs){2, called, who}, (struct pairs){count, keys, values});
  for (uint32_t i = 0; i < read; i++) {
    if (owned[i] != NULL) {
      context->Free(owned[i]);
    }
  }
  free(values);
  free(owned);
  free(keys);
  free(tags);
  return whole;
}

static uint32_t number(const uint8_t bytes[4]) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Passes Java's answer on: a byte, 1 if nothing is missing, then data sets, each after its size in four bytes. The failure, 0 for success. */
static int give(OrthancPluginContext *context, const struct slot *slot, OrthancPluginFindAnswers *answers) {
  const uint8_t *at = slot->out[0];
  uint64_t left = slot->outSize[0];
  if (left == 0 || *at > 1) {
    return BUG;
  }
  bool complete = *at++ == 1;
  left--;
  while (left > 0) {
    if (left < 4 || number(at) > left - 4) {
      return BUG;
    }
    uint32_t size = number(at);
    if (OrthancPluginFindAddAnswer(context, answers, at + 4, size) != OrthancPluginErrorCode_Success) {
      return BUG;
    }
    at += 4 + (size_t)size;
    left -= 4 + (uint64_t)size;
  }
  if (!complete) {
    OrthancPluginFindMarkIncomplete(context, answers);
  }
  return 0;
}

/* Orthanc holds a lock meanwhile, for other C-FINDs only: it asks for one at a time. */
static OrthancPluginErrorCode find(OrthancPluginFindAnswers *answers, const OrthancPluginFindQuery *query, struct connection from) {
  struct slot *slot = begin(FIND);
  if (slot == NULL) {
    return codes[UNAVAILABLE];
  }
  int failure = UNAVAILABLE;
  OrthancPluginContext *context = visit(0);
  bool asked = context != NULL && put_query(slot, context, query, from);
  if (context != NULL) {
    leave();
  }
  if (asked) {
    failure = ask(slot);
    context = failure == 0 ? visit(0) : NULL;
    if (context != NULL) {
      failure = give(context, slot, answers);
      leave();
    } else if (failure == 0) {
      failure = UNAVAILABLE;
    }
    free((void *)(uintptr_t)slot->in[1]);
    free(slot->out[0]);
  }
  return finish(slot, codes[failure]);
}

static OrthancPluginErrorCode on_find(OrthancPluginFindAnswers *answers, const OrthancPluginFindQuery *query, const char *aet, const char *called) {
  return find(answers, query, (struct connection){aet, called, ""});
}

static OrthancPluginErrorCode on_find_2(OrthancPluginFindAnswers *answers, const OrthancPluginFindQuery *query, const void *connection) {
  return find(answers, query, connection_of(connection));
}

/* ---- C-MOVE ---- */

struct move {
  char *texts; /* of the question; owned */
  uint64_t textsSize;
  uint32_t textCount;
  int32_t level;
  uint16_t message;
  char *steps; /* Java's, each with its NUL; owned */
  const char *next;
  const char *limit;
  uint32_t count;
};

static void on_move_end(void *driver) {
  struct move *move = driver;
  free(move->texts);
  free(move->steps);
  free(move);
}

/* Takes the question and Java's answer out of the slot into a new driver, or NULL and leaves them there. */
static struct move *new_move(struct slot *slot) {
  char *steps = (char *)slot->out[0];
  uint64_t size = slot->outSize[0];
  struct move *move = size > 0 && steps[size - 1] != '\0' ? NULL : malloc(sizeof *move);
  if (move == NULL) {
    return NULL;
  }
  *move = (struct move){.texts = (char *)(uintptr_t)slot->in[1],
                        .textsSize = slot->inSize[1],
                        .textCount = slot->getCount,
                        .level = slot->detail,
                        .message = (uint16_t)slot->start,
                        .steps = steps,
                        .next = steps,
                        .limit = steps + size};
  for (uint64_t i = 0; i < size; i++) {
    move->count += steps[i] == '\0';
  }
  slot->in[1] = NULL;
  slot->out[0] = NULL;
  return move;
}

/* NULL fails the move. */
static void *plan(OrthancPluginResourceType level, const char *const ids[5], struct connection from, const char *target, uint16_t message) {
  struct slot *slot = begin(MOVE);
  if (slot == NULL) {
    return NULL;
  }
  const char *keys[8] = {"called", "ip", "target"}, *values[8] = {from.called, from.ip, target};
  static const char *const names[5] = {"patient", "accession", "study", "series", "instance"};
  uint32_t count = 3;
  for (int i = 0; i < 5; i++) {
    if (ids[i] != NULL) {
      keys[count] = names[i];
      values[count++] = ids[i];
    }
  }
  struct move *move = NULL;
  if (put_texts(slot, from.aet, (struct pairs){count, keys, values}, (struct pairs){0, NULL, NULL})) {
    slot->detail = (int32_t)level;
    slot->start = message;
    move = ask(slot) == 0 ? new_move(slot) : NULL;
    free((void *)(uintptr_t)slot->in[1]);
    free(slot->out[0]);
  }
  finish(slot, OrthancPluginErrorCode_Success);
  return move;
}

static void *on_move(OrthancPluginResourceType level, const char *patient, const char *accession, const char *study, const char *series,
                     const char *instance, const char *aet, const char *called, const char *target, uint16_t message) {
  const char *const ids[5] = {patient, accession, study, series, instance};
  return plan(level, ids, (struct connection){aet, called, ""}, target, message);
}

static void *on_move_2(OrthancPluginResourceType level, const char *patient, const char *accession, const char *study, const char *series,
                       const char *instance, const void *connection, const char *target, uint16_t message) {
  const char *const ids[5] = {patient, accession, study, series, instance};
  return plan(level, ids, connection_of(connection), target, message);
}

static uint32_t on_move_size(void *driver) {
  return ((const struct move *)driver)->count;
}

/* A step is never tried again: the next call is for the next one, as Orthanc counts. */
static OrthancPluginErrorCode on_move_step(void *driver) {
  struct move *move = driver;
  if (move->next == move->limit) {
    return codes[BUG];
  }
  const char *step = move->next;
  move->next += strlen(step) + 1;
  struct slot *slot = begin(MOVE_STEP);
  if (slot == NULL) {
    return codes[UNAVAILABLE];
  }
  slot->detail = move->level;
  slot->start = move->message;
  slot->getCount = move->textCount;
  slot->in[0] = step;
  slot->inSize[0] = strlen(step);
  slot->in[1] = move->texts;
  slot->inSize[1] = move->textsSize;
  int failure = ask(slot);
  free(slot->out[0]);
  return finish(slot, codes[failure]);
}

/* ---- Registering ---- */

#define FINDS_DOOR "answers to C-FIND (with one tenant, Strongroom leaves them to others if Audit.Stations is false)"
#define MOVES_DOOR "answers to C-MOVE (with one tenant, Strongroom leaves them to others if Audit.Stations is false)"

char *dimse_register(OrthancPluginContext *context, bool finds, bool moves) {
  bool tellsIp = OrthancPluginCheckVersionAdvanced(context, 1, 12, 10) != 0;
  char *error = NULL;
  if (finds && tellsIp) {
    const struct {
      OrthancPluginErrorCode (*callback)(OrthancPluginFindAnswers *, const OrthancPluginFindQuery *, const void *);
    } door = {on_find_2};
    error = refusal(context->InvokeService(context, (_OrthancPluginService)REGISTER_FIND_2, &door), FINDS_DOOR);
  } else if (finds) {
    _OrthancPluginFindCallback door = {on_find};
    error = refusal(context->InvokeService(context, _OrthancPluginService_RegisterFindCallback, &door), FINDS_DOOR);
  }
  if (error != NULL || !moves) {
    return error;
  }
  if (tellsIp) {
    const struct {
      void *(*callback)(OrthancPluginResourceType, const char *, const char *, const char *, const char *, const char *, const void *, const char *,
                        uint16_t);
      OrthancPluginGetMoveSize size;
      OrthancPluginApplyMove apply;
      OrthancPluginFreeMove end;
    } door = {on_move_2, on_move_size, on_move_step, on_move_end};
    return refusal(context->InvokeService(context, (_OrthancPluginService)REGISTER_MOVE_2, &door), MOVES_DOOR);
  }
  _OrthancPluginMoveCallback door = {on_move, on_move_size, on_move_step, on_move_end};
  return refusal(context->InvokeService(context, _OrthancPluginService_RegisterMoveCallback, &door), MOVES_DOOR);
}
