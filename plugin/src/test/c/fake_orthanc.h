/* Plays Orthanc for the harnesses: a context whose services are those that the loader uses. */
#ifndef FAKE_ORTHANC_H
#define FAKE_ORTHANC_H

#include "check.h"

#include <orthanc/OrthancCPlugin.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_BASE 1000000 /* our failure n is known to Orthanc as CODE_BASE + n */
#define HTTP_STACK (100 * 1024) /* of libcivetweb's threads */

/* What the plugin has registered. Written during Initialize, read by the test's threads that start afterwards. */
static _OrthancPluginRegisterStorageArea2 area;
static OrthancPluginRestCallback rest;
#define ROUTES 4
static char routes[ROUTES][64]; /* its regular expressions */
static unsigned routeCount;
static OrthancPluginIncomingHttpRequestFilter2 httpFilter;
static OrthancPluginIncomingDicomInstanceFilter arrivalFilter;
static OrthancPluginOnStoredInstanceCallback storedCallback;
static OrthancPluginOnChangeCallback changeCallback;
static OrthancPluginFindCallback findCallback;
static _OrthancPluginMoveCallback moveCallbacks;
/* What newer SDKs have: C-FIND and C-MOVE with the IP address, authentication, and audit logs. */
static OrthancPluginErrorCode (*findCallback2)(OrthancPluginFindAnswers *, const OrthancPluginFindQuery *, const void *);
static struct {
  void *(*callback)(OrthancPluginResourceType, const char *, const char *, const char *, const char *, const char *, const void *, const char *, uint16_t);
  OrthancPluginGetMoveSize getMoveSize;
  OrthancPluginApplyMove applyMove;
  OrthancPluginFreeMove freeMove;
} moveCallbacks2;
static OrthancPluginErrorCode (*authentication)(int32_t *, OrthancPluginMemoryBuffer *, OrthancPluginMemoryBuffer *, const char *, const char *, uint32_t,
                                                const char *const *, const char *const *, uint32_t, const char *const *, const char *const *);
static OrthancPluginErrorCode (*auditLog)(const char *, const char *, OrthancPluginResourceType, const char *, const char *, const void *, uint32_t);
static _OrthancPluginRegisterStorageCommitmentScpCallback commitment;
static OrthancPluginJobsUnserializer unserializer;
static _OrthancPluginCreateJob restored; /* what the unserializer made last */
static const char *configuration = "{}";
static const char *version = "1.10.1";
static atomic_bool contextOpen;
static atomic_int errorLines;
static pthread_mutex_t lastErrorLock = PTHREAD_MUTEX_INITIALIZER;
static char lastError[1024];
static atomic_bool storageTaken; /* another plugin was quicker */

/* What the services about an instance tell of it. */
struct instance {
  const char *aet;
  OrthancPluginInstanceOrigin origin;
  const void *content;
  int64_t size;
};
/* What a service of Orthanc's API does on the thread that calls it. */
static OrthancPluginErrorCode (*api)(const char *uri);
/* The service that is refused, as if another plugin had registered it. */
static int refusedService;

/* A query of one tag and one sequence, whose text is not known; and what is answered to it. */
struct fake_query {
  const char *value;
};
struct fake_answers {
  char texts[256];
  bool incomplete;
};

/* One REST answer, filled by the services below on the thread that asked. */
struct _OrthancPluginRestOutput_t {
  int status;
  char body[256];
  char headers[256];
};

static OrthancPluginErrorCode invoke_service(OrthancPluginContext *context, _OrthancPluginService service, const void *parameters) {
  (void)context;
  CHECK(contextOpen);
  if ((int)service == refusedService) {
    return OrthancPluginErrorCode_Plugin;
  }
  switch ((int)service) {
    case _OrthancPluginService_LogError:
      errorLines++;
      pthread_mutex_lock(&lastErrorLock);
      snprintf(lastError, sizeof lastError, "%s", (const char *)parameters);
      pthread_mutex_unlock(&lastErrorLock); /* fall through */
    case _OrthancPluginService_LogWarning:
    case _OrthancPluginService_LogInfo:
      if (getenv("VERBOSE") != NULL) {
        fprintf(stderr, "log %d: %s\n", (int)service, (const char *)parameters);
      }
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_GetConfiguration: {
      const _OrthancPluginRetrieveDynamicString *p = parameters;
      *p->result = strdup(configuration);
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_SetPluginProperty:
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_RegisterErrorCode: {
      const _OrthancPluginRegisterErrorCode *p = parameters;
      CHECK(p->code > 0 && p->httpStatus >= 400 && p->message != NULL);
      *p->target = (OrthancPluginErrorCode)(CODE_BASE + p->code);
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_CreateMemoryBuffer64: {
      const _OrthancPluginCreateMemoryBuffer64 *p = parameters;
      p->target->data = p->size == 0 ? NULL : malloc(p->size);
      p->target->size = p->size;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_RegisterStorageArea2:
      if (storageTaken) {
        return OrthancPluginErrorCode_StorageAreaAlreadyRegistered;
      }
      area = *(const _OrthancPluginRegisterStorageArea2 *)parameters;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_RegisterRestCallbackNoLock: {
      const _OrthancPluginRestCallback *p = parameters;
      CHECK(routeCount < ROUTES && (routeCount == 0 || rest == p->callback));
      snprintf(routes[routeCount++], sizeof *routes, "%s", p->pathRegularExpression);
      rest = p->callback;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_RegisterIncomingHttpRequestFilter2:
      httpFilter = ((const _OrthancPluginIncomingHttpRequestFilter2 *)parameters)->callback;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_RegisterIncomingDicomInstanceFilter:
      arrivalFilter = ((const _OrthancPluginIncomingDicomInstanceFilter *)parameters)->callback;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_RegisterOnStoredInstanceCallback:
      storedCallback = ((const _OrthancPluginOnStoredInstanceCallback *)parameters)->callback;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_RegisterOnChangeCallback:
      changeCallback = ((const _OrthancPluginOnChangeCallback *)parameters)->callback;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_GetInstanceRemoteAet: {
      const _OrthancPluginAccessDicomInstance *p = parameters;
      *p->resultString = ((const struct instance *)p->instance)->aet;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_GetInstanceOrigin: {
      const _OrthancPluginAccessDicomInstance *p = parameters;
      *p->resultOrigin = ((const struct instance *)p->instance)->origin;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_GetInstanceSize: {
      const _OrthancPluginAccessDicomInstance *p = parameters;
      *p->resultInt64 = ((const struct instance *)p->instance)->size;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_GetInstanceData: {
      const _OrthancPluginAccessDicomInstance *p = parameters;
      *p->resultString = ((const struct instance *)p->instance)->content;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_RegisterFindCallback:
      findCallback = ((const _OrthancPluginFindCallback *)parameters)->callback;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_RegisterMoveCallback:
      moveCallbacks = *(const _OrthancPluginMoveCallback *)parameters;
      return OrthancPluginErrorCode_Success;
    case 1021:
      CHECK(strcmp(version, "1.13.0") == 0);
      memcpy(&authentication, parameters, sizeof authentication);
      return OrthancPluginErrorCode_Success;
    case 1022:
      CHECK(strcmp(version, "1.13.0") == 0);
      memcpy(&auditLog, parameters, sizeof auditLog);
      return OrthancPluginErrorCode_Success;
    case 1023:
      CHECK(strcmp(version, "1.13.0") == 0);
      memcpy(&findCallback2, parameters, sizeof findCallback2);
      return OrthancPluginErrorCode_Success;
    case 1024:
      CHECK(strcmp(version, "1.13.0") == 0);
      memcpy(&moveCallbacks2, parameters, sizeof moveCallbacks2);
      return OrthancPluginErrorCode_Success;
    case 10000:
    case 10001:
    case 10002: {
      const struct {
        const char *const *connection; /* three texts */
        const char **result;
      } *p = parameters;
      *p->result = p->connection[(int)service - 10000];
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_GetFindQuerySize:
      *((const _OrthancPluginFindOperation *)parameters)->resultUint32 = 2;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_GetFindQueryTag: {
      const _OrthancPluginFindOperation *p = parameters;
      *p->resultGroup = 0x0010;
      *p->resultElement = p->index == 0 ? 0x0020 : 0xABCD;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_GetFindQueryValue: {
      const _OrthancPluginFindOperation *p = parameters;
      if (p->index != 0) {
        return OrthancPluginErrorCode_BadParameterType;
      }
      *p->resultString = strdup(((const struct fake_query *)p->query)->value);
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_FindAddAnswer: {
      const _OrthancPluginFindOperation *p = parameters;
      struct fake_answers *answers = (struct fake_answers *)p->answers;
      if (p->size == 0) {
        return OrthancPluginErrorCode_BadFileFormat;
      }
      strncat(answers->texts, p->dicom, p->size);
      strcat(answers->texts, ";");
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_FindMarkIncomplete:
      ((struct fake_answers *)((const _OrthancPluginFindOperation *)parameters)->answers)->incomplete = true;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_CreateMemoryBuffer: {
      const _OrthancPluginCreateMemoryBuffer *p = parameters;
      p->target->data = p->size == 0 ? NULL : malloc(p->size);
      p->target->size = p->size;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_RestApiDelete:
      return api(parameters);
    case _OrthancPluginService_RegisterStorageCommitmentScpCallback:
      commitment = *(const _OrthancPluginRegisterStorageCommitmentScpCallback *)parameters;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_RegisterJobsUnserializer:
      unserializer = ((const _OrthancPluginJobsUnserializer *)parameters)->unserializer;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_CreateJob:
      restored = *(const _OrthancPluginCreateJob *)parameters;
      *restored.target = (OrthancPluginJob *)&restored;
      return OrthancPluginErrorCode_Success;
    case _OrthancPluginService_SetHttpHeader: {
      const _OrthancPluginSetHttpHeader *p = parameters;
      size_t used = strlen(p->output->headers);
      snprintf(p->output->headers + used, sizeof p->output->headers - used, "%s=%s;", p->key, p->value);
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_AnswerBuffer: {
      const _OrthancPluginAnswerBuffer *p = parameters;
      p->output->status = 200;
      CHECK(p->answerSize < sizeof p->output->body);
      memcpy(p->output->body, p->answer, p->answerSize);
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_SendHttpStatus: {
      const _OrthancPluginSendHttpStatus *p = parameters;
      p->output->status = p->status;
      return OrthancPluginErrorCode_Success;
    }
    case _OrthancPluginService_SendMethodNotAllowed: {
      const _OrthancPluginOutputPlusArgument *p = parameters;
      p->output->status = 405;
      return OrthancPluginErrorCode_Success;
    }
    default:
      fprintf(stderr, "unexpected service %d\n", (int)service);
      exit(1);
  }
}

/* A new context, owned by the caller: free it after Finalize, as Orthanc does. */
static OrthancPluginContext *open_context(void) {
  OrthancPluginContext *context = calloc(1, sizeof *context);
  CHECK(context != NULL);
  context->orthancVersion = version;
  context->Free = free;
  context->InvokeService = invoke_service;
  contextOpen = true;
  routeCount = 0;
  httpFilter = NULL;
  arrivalFilter = NULL;
  storedCallback = NULL;
  changeCallback = NULL;
  findCallback = NULL;
  findCallback2 = NULL;
  memset(&moveCallbacks, 0, sizeof moveCallbacks);
  memset(&moveCallbacks2, 0, sizeof moveCallbacks2);
  authentication = NULL;
  auditLog = NULL;
  return context;
}

/* Whether the last line that was logged as an error holds `words`. */
static inline bool told(const char *words) {
  pthread_mutex_lock(&lastErrorLock);
  bool found = strstr(lastError, words) != NULL;
  pthread_mutex_unlock(&lastErrorLock);
  return found;
}

/* A thread with as little stack as Orthanc's. */
static pthread_t small_thread(void *(*work)(void *), void *argument) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
#ifndef LARGE_STACKS /* sanitizers need more */
  CHECK(pthread_attr_setstacksize(&attributes, HTTP_STACK) == 0);
#endif
  pthread_t thread;
  CHECK(pthread_create(&thread, &attributes, work, argument) == 0);
  pthread_attr_destroy(&attributes);
  return thread;
}

#endif
