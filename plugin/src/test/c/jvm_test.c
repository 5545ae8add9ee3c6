/*
 * The library with a real JVM and the test application, loaded and unloaded as Orthanc does it, from threads with as little stack as Orthanc's.
 * Arguments: the distribution, a folder for the files, a libjvm.so; "existing" if another plugin's JVM is to be there first.
 */
#define _GNU_SOURCE
#include "fake_orthanc.h"

#include <dlfcn.h>
#include <jni.h>
#include <time.h>
#include <unistd.h>

enum { NOT_FOUND = 2, UNAVAILABLE = 5, FULL = 6, BUG = 7 };
#define THREADS 8
#define EACH 25

static const char *folder;
static const char *library;

static const char *uuid_of(char uuid[37], unsigned a, unsigned b) {
  snprintf(uuid, 37, "%08x-%04x-4000-8000-%012x", a, b & 0xffff, 1U);
  return uuid;
}

static int exists(const char *uuid) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, uuid);
  return access(path, F_OK) == 0;
}

static void *store_and_read(void *argument) {
  unsigned self = (unsigned)(intptr_t)argument;
  unsigned seed = self;
  char uuid[37];
  for (unsigned i = 0; i < EACH; i++) {
    size_t size = i == 0 ? 0 : i == 1 ? 1500000 : (size_t)(rand_r(&seed) % 20000);
    unsigned char *content = malloc(size + 1);
    CHECK(content != NULL);
    for (size_t k = 0; k < size; k++) {
      content[k] = (unsigned char)(k * 13 + i);
    }
    uuid_of(uuid, self, i);
    CHECK(area.create(uuid, content, (int64_t)size, OrthancPluginContentType_Dicom) == 0);
    CHECK(exists(uuid));
    OrthancPluginMemoryBuffer64 whole = {NULL, 0};
    CHECK(area.readWhole(&whole, uuid, OrthancPluginContentType_Dicom) == 0);
    CHECK(whole.size == size && (size == 0 || memcmp(whole.data, content, size) == 0));
    free(whole.data);
    size_t start = size / 3;
    OrthancPluginMemoryBuffer64 range = {malloc(size - start + 1), size - start};
    CHECK(area.readRange(&range, uuid, OrthancPluginContentType_Dicom, start) == 0);
    CHECK(memcmp(range.data, content + start, size - start) == 0);
    free(range.data);
    CHECK(area.remove(uuid, OrthancPluginContentType_Dicom) == 0);
    CHECK(!exists(uuid));
    free(content);
  }
  return NULL;
}

/* The error code of storing `content`, our base taken off. */
static int store(unsigned number, const char *content) {
  char uuid[37];
  uuid_of(uuid, 0xabcd0000, number);
  int code = area.create(uuid, content, (int64_t)strlen(content), OrthancPluginContentType_Dicom);
  CHECK((code == 0) == exists(uuid));
  return code == 0 ? 0 : code - CODE_BASE;
}

static void *faults(void *argument) {
  unsigned number = 100 * (unsigned)(intptr_t)argument;
  char uuid[37];
  char bytes[10];
  OrthancPluginMemoryBuffer64 range = {bytes, sizeof bytes};
  CHECK(store(number + 1, "throw") == BUG);
  CHECK(store(number + 2, "full") == FULL);
  CHECK(store(number + 3, "late: committed, so it may overrun") == 0);
  CHECK(store(number + 4, "stuck") == UNAVAILABLE);
  sleep(1);
  uuid_of(uuid, 0xabcd0000, number + 4);
  CHECK(!exists(uuid));
  CHECK(store(number + 5, "short but longer than ten bytes") == 0);
  uuid_of(uuid, 0xabcd0000, number + 5);
  CHECK(area.readRange(&range, uuid, OrthancPluginContentType_Dicom, 0) == (OrthancPluginErrorCode)(CODE_BASE + BUG));
  uuid_of(uuid, 0xabcd0000, number + 6);
  CHECK(area.readRange(&range, uuid, OrthancPluginContentType_Dicom, 0) == (OrthancPluginErrorCode)(CODE_BASE + NOT_FOUND));
  CHECK(area.remove("not a uuid", OrthancPluginContentType_Dicom) == (OrthancPluginErrorCode)(CODE_BASE + BUG));

  OrthancPluginHttpRequest request = {.method = OrthancPluginHttpMethod_Post, .body = "hello", .bodySize = 5};
  struct _OrthancPluginRestOutput_t output = {0, "", ""};
  CHECK(rest(&output, "/strongroom/echo", &request) == 0);
  CHECK(output.status == 200 && strcmp(output.body, "hello") == 0);
  CHECK(strstr(output.headers, "Set-Cookie=a=1;Set-Cookie=b=2;") != NULL);
  static const int statuses[] = {204, 303, 401, 405, 503};
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
    char uri[64];
    snprintf(uri, sizeof uri, "/strongroom/status/%d", statuses[i]);
    output.status = 0;
    CHECK(rest(&output, uri, &request) == 0 && output.status == statuses[i]);
  }
  CHECK(rest(&output, "/strongroom/throw", &request) == (OrthancPluginErrorCode)(CODE_BASE + BUG));
  CHECK(rest(&output, "/strongroom/unknown", &request) == 0 && output.status == 404);

  static const struct {
    const char *uri;
    int32_t answer;
  } filtered[] = {{"/system", 1}, {"/exports", 0}, {"/changes", -1}, {"/stuck", -1}};
  for (size_t i = 0; i < sizeof filtered / sizeof *filtered; i++) {
    CHECK(httpFilter(OrthancPluginHttpMethod_Get, filtered[i].uri, "127.0.0.1", 0, NULL, NULL, 0, NULL, NULL) == filtered[i].answer);
  }
  CHECK(httpFilter(OrthancPluginHttpMethod_Get, "/system", "10.0.0.1", 0, NULL, NULL, 0, NULL, NULL) == 0);

  static const struct {
    const char *class, *instance;
    OrthancPluginStorageCommitmentFailureReason reason;
  } asked[] = {
      {"1.2", "1.2.3", OrthancPluginStorageCommitmentFailureReason_Success},
      {"1.2 ", "1.2.3", OrthancPluginStorageCommitmentFailureReason_Success},
      {"1.3", "1.2.3", OrthancPluginStorageCommitmentFailureReason_ClassInstanceConflict},
      {"1.2", "1.2.4", OrthancPluginStorageCommitmentFailureReason_ProcessingFailure},
      {"1.2", "1.2.5", OrthancPluginStorageCommitmentFailureReason_NoSuchObjectInstance},
  };
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    OrthancPluginStorageCommitmentFailureReason reason = OrthancPluginStorageCommitmentFailureReason_Success;
    CHECK(commitment.lookup(&reason, NULL, asked[i].class, asked[i].instance) == 0 && reason == asked[i].reason);
  }
  return NULL;
}

static int32_t initialize(void *handle, OrthancPluginContext *context) {
  int32_t (*function)(OrthancPluginContext *);
  void *symbol = dlsym(handle, "OrthancPluginInitialize");
  CHECK(symbol != NULL);
  memcpy(&function, &symbol, sizeof function);
  return function(context);
}

static void finalize(void *handle) {
  void (*function)(void);
  void *symbol = dlsym(handle, "OrthancPluginFinalize");
  CHECK(symbol != NULL);
  memcpy(&function, &symbol, sizeof function);
  function();
}

/* One life of the plugin: whether it started. */
static int life(void *(*work)(void *), int threads, intptr_t first) {
  void *handle = dlopen(library, RTLD_NOW);
  if (handle == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  OrthancPluginContext *context = open_context();
  int started = initialize(handle, context) == 0;
  if (started) {
    pthread_t workers[THREADS];
    for (int i = 0; i < threads; i++) {
      workers[i] = small_thread(work, (void *)(first + i));
    }
    for (int i = 0; i < threads; i++) {
      pthread_join(workers[i], NULL);
    }
    finalize(handle);
  }
  contextOpen = false;
  memset(context, 0xee, sizeof *context);
  free(context);
  CHECK(dlclose(handle) == 0);
  return started;
}

static void configure(const char *libjvm, const char *files, int deadline) {
  static char text[4096];
  snprintf(text, sizeof text,
           "{\"Strongroom\": {\"Java\": {\"Heap\": \"160 MB\", \"Library\": \"%s\"}}, \"StrongroomTest\": {\"Folder\": \"%s\", \"Deadline\": %d, \"Doors\": true}}",
           libjvm, files, deadline);
  configuration = text;
}

/* A start that must fail, with one line that says why. */
static void refused(void) {
  int lines = errorLines;
  CHECK(!life(NULL, 0, 0));
  CHECK(errorLines == lines + 1);
}

/* What another plugin does before ours is loaded; its JVM stays. */
static void make_jvm(const char *libjvm) {
  void *handle = dlopen(libjvm, RTLD_NOW | RTLD_LOCAL);
  CHECK(handle != NULL);
  jint (*create)(JavaVM **, void **, void *);
  void *symbol = dlsym(handle, "JNI_CreateJavaVM");
  memcpy(&create, &symbol, sizeof create);
  JavaVMInitArgs options = {.version = JNI_VERSION_1_8};
  JavaVM *vm;
  void *env;
  CHECK(create(&vm, &env, &options) == JNI_OK);
  CHECK((*vm)->DetachCurrentThread(vm) == JNI_OK);
}

int main(int count, char **arguments) {
  CHECK(count >= 4);
  char path[1024];
  snprintf(path, sizeof path, "%s/libStrongroom.so", arguments[1]);
  library = path;
  folder = arguments[2];
  const char *libjvm = arguments[3];

  if (count > 4) {
    make_jvm(libjvm);
  } else {
    configure("/nowhere/libjvm.so", folder, 1);
    refused();
  }
  configure(libjvm, folder, 1);
  CHECK(life(faults, 1, 1));
  configure(libjvm, "/nowhere", 60);
  refused();
  configure(libjvm, folder, 60);
  CHECK(life(store_and_read, THREADS, 1));
  CHECK(strcmp(getenv("TCP_NODELAY"), "1") == 0);
  for (int i = 2; i < 8; i++) {
    CHECK(life(store_and_read, 1, 100 * i));
  }
  puts("library: started and ended 8 times in one process, every answer as expected");
  return 0;
}
