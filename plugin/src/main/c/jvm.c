/*
 * Finds Java, starts it at most once per process, and calls org.strongroom.plugin.bridge.Loader. A JVM cannot be created a second time, so the one
 * found or made here stays until the process ends, as does our class loader: the next Initialize after /tools/reset uses both again.
 */
#define _GNU_SOURCE
#include "loader.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

OLD_GLIBC(dlopen, "2.2.5", "2.17");
OLD_GLIBC(dlsym, "2.2.5", "2.17");
OLD_GLIBC(dlerror, "2.2.5", "2.17");
OLD_GLIBC(dladdr, "2.2.5", "2.17");
OLD_GLIBC(pthread_create, "2.2.5", "2.17");
OLD_GLIBC(pthread_attr_setstacksize, "2.2.5", "2.17");
OLD_GLIBC(pthread_condattr_setclock, "2.3.3", "2.17");
OLD_GLIBC(pthread_once, "2.2.5", "2.17");
OLD_GLIBC(glob, "2.2.5", "2.17");
OLD_GLIBC(globfree, "2.2.5", "2.17");
/* What the headers of glibc 2.38 and newer make of atoi. */
OLD_GLIBC_NAME(__isoc23_strtol, strtol, "2.2.5", "2.17");

#define OLDEST_JAVA 17
#define STACK_BYTES (8 * 1024 * 1024)
#define LOADER_CLASS "org.strongroom.plugin.bridge.Loader"

/* Methods of this package are compiled for good after a tenth of the usual calls. */
#define SOON(package) "-XX:CompileCommand=CompileThresholdScaling," package ".*::*,0.1"

static const char JAVA_CURE[] =
    "Cure: install Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless), or name its libjvm.so in Strongroom.Java.Library";

/* The one JVM of this process, whether we made it, and our class in it. Written and read only by the thread of the current task; tasks run one after
 * the other (running guards that). Owned by the process, never released. */
static JavaVM *vm;
static bool ours;
static jclass loaderClass;

/* ---- Finding libjvm.so ---- */

struct candidate {
  char *path; /* owned */
  int version; /* feature release; 0 if unknown */
};

/* The feature release in the `release` file three folders above lib/server/libjvm.so; 0 if there is none. */
static int release_of(const char *library) {
  char *home = text("%s", library);
  for (int i = 0; i < 3; i++) {
    char *slash = strrchr(home, '/');
    if (slash == NULL) {
      free(home);
      return 0;
    }
    *slash = '\0';
  }
  char *name = text("%s/release", home);
  free(home);
  FILE *file = fopen(name, "re");
  free(name);
  int version = 0;
  char line[256];
  while (file != NULL && version == 0 && fgets(line, sizeof line, file) != NULL) {
    static const char key[] = "JAVA_VERSION=\"";
    if (strncmp(line, key, sizeof key - 1) == 0) {
      const char *digits = line + sizeof key - 1;
      if (strncmp(digits, "1.", 2) == 0) {
        digits += 2;
      }
      for (; *digits >= '0' && *digits <= '9' && version < 1000; digits++) {
        version = version * 10 + (*digits - '0');
      }
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  return version;
}

static int newest_first(const void *a, const void *b) {
  const struct candidate *left = a;
  const struct candidate *right = b;
  return left->version != right->version ? right->version - left->version : strcmp(left->path, right->path);
}

/* Every libjvm.so at a place where systems install Java, newest first. The caller owns the array and the paths. */
static struct candidate *installed(size_t *count) {
  static const char *const patterns[] = {
      "/usr/lib/jvm/*/lib/server/libjvm.so", "/usr/java/*/lib/server/libjvm.so", "/opt/java/*/lib/server/libjvm.so",
      "/usr/local/openjdk-*/lib/server/libjvm.so"};
  glob_t found;
  int flags = GLOB_NOSORT;
  bool any = false;
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    if (glob(patterns[i], flags, NULL, &found) == 0 || any) {
      any = true;
      flags |= GLOB_APPEND;
    } else {
      globfree(&found);
    }
  }
  *count = 0;
  if (!any) {
    return NULL;
  }
  struct candidate *list = calloc(found.gl_pathc, sizeof *list);
  for (size_t i = 0; list != NULL && i < found.gl_pathc; i++) {
    list[*count] = (struct candidate){text("%s", found.gl_pathv[i]), release_of(found.gl_pathv[i])};
    ++*count;
  }
  globfree(&found);
  if (list != NULL) {
    qsort(list, *count, sizeof *list, newest_first);
  }
  return list;
}

/* Appends one line of what was tried; `*tried` is owned by the caller. */
static void note(char **tried, const char *path, const char *outcome) {
  char *longer = text("%s%s%s: %s", *tried, **tried == '\0' ? "" : "; ", path, outcome);
  free(*tried);
  *tried = longer;
}

/* A handle that stays open until the process ends, or NULL with the reason in `tried`. */
static void *open_library(const char *path, int version, char **tried) {
  if (version != 0 && version < OLDEST_JAVA) {
    note(tried, path, "older than Java 17");
    return NULL;
  }
  if (access(path, R_OK) != 0) {
    note(tried, path, strerror(errno));
    return NULL;
  }
  /* Global, so that a plugin which is loaded later finds the JVM instead of making its own. */
  void *handle = dlopen(path, RTLD_LAZY | RTLD_GLOBAL);
  if (handle == NULL) {
    const char *reason = dlerror();
    note(tried, path, reason == NULL ? "cannot be loaded" : reason);
  }
  return handle;
}

/* Loads the first usable of: the setting, JAVA_HOME, the newest installed. A wrong setting is an error, never passed over. */
static void *find_library(const struct settings *settings, char **tried) {
  if (settings->javaLibrary != NULL) {
    return open_library(settings->javaLibrary, release_of(settings->javaLibrary), tried);
  }
  const char *home = getenv("JAVA_HOME");
  if (home != NULL && *home != '\0') {
    char *path = text("%s/lib/server/libjvm.so", home);
    void *handle = open_library(path, release_of(path), tried);
    free(path);
    if (handle != NULL) {
      return handle;
    }
  } else {
    note(tried, "JAVA_HOME", "not set");
  }
  size_t count;
  struct candidate *list = installed(&count);
  void *handle = NULL;
  for (size_t i = 0; i < count; i++) {
    if (handle == NULL) {
      handle = open_library(list[i].path, list[i].version, tried);
    }
    free(list[i].path);
  }
  free(list);
  if (count == 0) {
    note(tried, "/usr/lib/jvm/*/lib/server/libjvm.so", "nothing there");
  }
  return handle;
}

/* ---- One JVM ---- */

typedef jint (*get_created)(JavaVM **, jsize, jsize *);
typedef jint (*create)(JavaVM **, void **, void *);

/* A JVM that another plugin has made, or NULL. */
static JavaVM *existing_vm(void) {
  void *symbol = dlsym(RTLD_DEFAULT, "JNI_GetCreatedJavaVMs");
  if (symbol == NULL) {
    void *loaded = dlopen("libjvm.so", RTLD_LAZY | RTLD_NOLOAD);
    symbol = loaded == NULL ? NULL : dlsym(loaded, "JNI_GetCreatedJavaVMs");
  }
  if (symbol == NULL) {
    return NULL;
  }
  get_created function;
  memcpy(&function, &symbol, sizeof function); /* ISO C has no cast from object to function pointer */
  JavaVM *found = NULL;
  jsize count = 0;
  return function(&found, 1, &count) == JNI_OK && count > 0 ? found : NULL;
}

static int is_jar(const struct dirent *entry) {
  size_t length = strlen(entry->d_name);
  return length > 4 && strcmp(entry->d_name + length - 4, ".jar") == 0;
}

/* In every locale the same, and as bin/strongroom sorts them. */
static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

/* How many jars lie in lib/plugin, or -1 with errno; sorted by name. The caller owns the array and its entries. */
static int list_jars(const char *folder, struct dirent ***jars) {
  *jars = NULL;
  return scandir(folder, jars, is_jar, by_name);
}

/* What is said where lib/plugin has none. */
static char *no_jars(const char *folder, int count) {
  return text("no jar files in %s (%s). Cure: keep lib/plugin and lib/native beside libStrongroom.so", folder,
              count < 0 ? strerror(errno) : "the folder is empty");
}

/* Our jars on the class path of a JVM that is ours alone: only so does it take their classes from an archive. NULL, or an error; the option is in
 * *path then, owned by the caller. */
static char *class_path(const char *dist, char **path) {
  *path = NULL;
  if (strchr(dist, ':') != NULL) {
    return text("there is a ':' in %s, which Java takes for the end of a path. Cure: put the distribution elsewhere", dist);
  }
  char *folder = text("%s/lib/plugin", dist);
  struct dirent **jars;
  int count = list_jars(folder, &jars);
  char *error = count <= 0 ? no_jars(folder, count) : NULL;
  *path = text("-Djava.class.path=");
  for (int i = 0; i < count; i++) {
    char *longer = text("%s%s%s/%s", *path, i == 0 ? "" : ":", folder, jars[i]->d_name);
    free(*path);
    free(jars[i]);
    *path = longer;
  }
  free(jars);
  free(folder);
  return error;
}

/* The option for what this Java made of our classes when the distribution was built ("bin/strongroom share-classes"); NULL if it did not. */
static char *shared_classes(const char *dist, void *symbol) {
  Dl_info library;
  struct statx file; /* stat would need glibc 2.33 */
  if (dladdr(symbol, &library) == 0 || statx(AT_FDCWD, library.dli_fname, 0, STATX_SIZE | STATX_MTIME, &file) != 0) {
    return NULL;
  }
  char *archive =
      text("%s/lib/classes/plugin-%llu-%lld.jsa", dist, (unsigned long long)file.stx_size, (long long)file.stx_mtime.tv_sec);
  char *option = access(archive, R_OK) == 0 ? text("-XX:SharedArchiveFile=%s", archive) : NULL;
  free(archive);
  return option;
}

/* Whether the machine has the OpenSSL that seals for us (cipher.c). It stays loaded: Orthanc has it as a rule, and we shall. */
static bool has_openssl(void) {
  static const char *const names[] = {"libcrypto.so.3", "libcrypto.so.1.1"};
  static const int wheres[] = {RTLD_NOLOAD, 0}; /* rather Orthanc's own than a second one */
  for (size_t i = 0; i < 4; i++) {
    if (dlopen(names[i % 2], RTLD_LAZY | RTLD_LOCAL | wheres[i / 2]) != NULL) {
      return true;
    }
  }
  return false;
}

static char *create_vm(const struct settings *settings, const char *dist, JNIEnv **env) {
  char *tried = text("%s", "");
  void *library = find_library(settings, &tried);
  if (library == NULL) {
    char *error = text("no usable Java was found (%s). %s", tried, JAVA_CURE);
    free(tried);
    return error;
  }
  free(tried);
  void *symbol = dlsym(library, "JNI_CreateJavaVM");
  if (symbol == NULL) {
    return text("the Java library has no JNI_CreateJavaVM. %s", JAVA_CURE);
  }
  create function;
  memcpy(&function, &symbol, sizeof function);
  /* Looked at first: a JVM that does not find them cannot be replaced. */
  char *path;
  char *error = class_path(dist, &path);
  if (error != NULL) {
    free(path);
    return error;
  }

  /* -Xrs: Orthanc handles the signals. Out of memory must end the process: a half-working JVM would only time out. The rest keeps the native
   * memory of a small machine free: garbage is short-lived here, and a generation for it of the usual third of the heap would only be touched
   * page by page; the heap begins small, else a machine with much memory gives all of it at once. */
  static const char *const fixed[] = {"-Xrs",
                                      "-XX:+ExitOnOutOfMemoryError",
                                      "-XX:+UseSerialGC",
                                      "-Xmn16m",
                                      "-XX:InitialHeapSize=24m",
                                      "-XX:MinHeapFreeRatio=20",
                                      "-XX:MaxHeapFreeRatio=40",
                                      "-XX:-ShrinkHeapInSteps",
                                      "-XX:ReservedCodeCacheSize=48m",
                                      "-XX:MaxMetaspaceSize=128m",
                                      "-XX:CompressedClassSpaceSize=32m",
                                      "-XX:-UsePerfData",
                                      "-Xss512k",
                                      "-Djava.awt.headless=true",
                                      "--enable-native-access=ALL-UNNAMED"};
  size_t count = sizeof fixed / sizeof *fixed;
  /* What is hot is native, and nothing is worth C2: docs/decisions/0079. Java's own AES-GCM is worth nothing without it: then C2 takes what is really
   * hot, ciphers, digests and codecs at a tenth of its thresholds (0054). */
  static const char *const quickly[] = {"-XX:TieredStopAtLevel=1"};
  static const char *const well[] = {"-XX:Tier4InvocationThreshold=50000",   "-XX:Tier4CompileThreshold=150000",
                                     "-XX:CompileCommand=quiet",             SOON("com.sun.crypto.provider"),
                                     SOON("sun.security.provider"),          SOON("org.strongroom.core.format.v1"),
                                     SOON("org.strongroom.plugin.codec")};
  bool native = has_openssl();
  const char *const *compile = native ? quickly : well;
  size_t compileCount = native ? sizeof quickly / sizeof *quickly : sizeof well / sizeof *well;
  JavaVMOption *options = calloc(count + compileCount + 5, sizeof *options);
  if (options == NULL) {
    free(path);
    return text("out of memory while starting Java");
  }
  jint used = 0;
  for (size_t i = 0; i < count; i++) {
    options[used++].optionString = (char *)(uintptr_t)fixed[i]; /* JNI only reads it */
  }
  for (size_t i = 0; i < compileCount; i++) {
    options[used++].optionString = (char *)(uintptr_t)compile[i];
  }
  options[used++].optionString = settings->heap;
  options[used++].optionString = path;
  char *archive = shared_classes(dist, symbol);
  if (archive != NULL) {
    options[used++].optionString = archive;
    /* An archive that does not fit is no reason to say anything; threads that the system does not give are. */
    static const char *const quiet[] = {"-Xlog:disable", "-Xlog:os*=warning:stderr"};
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++) {
      options[used++].optionString = (char *)(uintptr_t)quiet[i];
    }
  }
  JavaVMInitArgs arguments = {.version = JNI_VERSION_1_8, .nOptions = used, .options = options, .ignoreUnrecognized = JNI_FALSE};
  void *made = NULL;
  jint result = function(&vm, &made, &arguments);
  free(options);
  free(path);
  free(archive);
  if (result != JNI_OK) {
    vm = NULL;
    return text("Java did not start (JNI error %d; the reason is on the standard error stream). Cure: check Strongroom.Java.Heap (here %s), "
                "and that the machine has memory left",
                (int)result, settings->heap);
  }
  ours = true;
  *env = made;
  return NULL;
}

/* Makes the calling thread a Java thread. NULL, or an error. */
static char *enter_vm(const struct settings *settings, const char *dist, JNIEnv **env) {
  if (vm == NULL) {
    vm = existing_vm();
    if (vm == NULL) {
      return settings == NULL ? text("Java was never started") : create_vm(settings, dist, env);
    }
    loader_log(LOG_WARNING, "Strongroom: using the Java machine that another plugin has started; its heap and options apply, not Strongroom.Java");
  }
  char name[] = "strongroom-control";
  JavaVMAttachArgs arguments = {.version = JNI_VERSION_1_8, .name = name, .group = NULL};
  void *attached = NULL;
  if ((*vm)->AttachCurrentThread(vm, &attached, &arguments) != JNI_OK) {
    return text("the running Java machine does not take a new thread. Cure: restart Orthanc");
  }
  *env = attached;
  return NULL;
}

/* ---- Calling Java: all local references die with the thread's detachment ---- */

/* A Java string in new C memory owned by the caller. */
static char *copy_string(JNIEnv *env, jstring string) {
  const char *chars = string == NULL ? NULL : (*env)->GetStringUTFChars(env, string, NULL);
  if (chars == NULL) {
    (*env)->ExceptionClear(env);
    return text("(no text)");
  }
  char *copy = text("%s", chars);
  (*env)->ReleaseStringUTFChars(env, string, chars);
  return copy;
}

/* The pending exception as text, which is cleared; `step` says what failed. Never NULL. */
static char *exception(JNIEnv *env, const char *step) {
  jthrowable thrown = (*env)->ExceptionOccurred(env);
  (*env)->ExceptionClear(env);
  if (thrown == NULL) {
    return text("%s failed", step);
  }
  jmethodID toString = (*env)->GetMethodID(env, (*env)->GetObjectClass(env, thrown), "toString", "()Ljava/lang/String;");
  jobject string = toString == NULL ? NULL : (*env)->CallObjectMethod(env, thrown, toString);
  if ((*env)->ExceptionCheck(env)) {
    (*env)->ExceptionClear(env);
    string = NULL;
  }
  char *detail = copy_string(env, string);
  char *result = text("%s failed: %s", step, detail);
  free(detail);
  return result;
}

static char *check_version(JNIEnv *env) {
  jclass system = (*env)->FindClass(env, "java/lang/System");
  jmethodID get = system == NULL ? NULL : (*env)->GetStaticMethodID(env, system, "getProperty", "(Ljava/lang/String;)Ljava/lang/String;");
  jstring key = get == NULL ? NULL : (*env)->NewStringUTF(env, "java.specification.version");
  jobject value = key == NULL ? NULL : (*env)->CallStaticObjectMethod(env, system, get, key);
  if (value == NULL) {
    return exception(env, "asking Java for its version");
  }
  char *version = copy_string(env, value);
  char *error = NULL;
  if (atoi(version) < OLDEST_JAVA) {
    error = text("the Java machine is version %s, which is too old. %s", version, JAVA_CURE);
  }
  free(version);
  return error;
}

/* Puts the file's URL into urls[at]. */
static bool set_url(JNIEnv *env, jobjectArray urls, jsize at, const char *path) {
  jclass file = (*env)->FindClass(env, "java/io/File");
  jclass uri = (*env)->FindClass(env, "java/net/URI");
  if (file == NULL || uri == NULL) {
    return false;
  }
  jmethodID construct = (*env)->GetMethodID(env, file, "<init>", "(Ljava/lang/String;)V");
  jmethodID toUri = (*env)->GetMethodID(env, file, "toURI", "()Ljava/net/URI;");
  jmethodID toUrl = (*env)->GetMethodID(env, uri, "toURL", "()Ljava/net/URL;");
  jstring name = (*env)->NewStringUTF(env, path);
  if (construct == NULL || toUri == NULL || toUrl == NULL || name == NULL) {
    return false;
  }
  jobject object = (*env)->NewObject(env, file, construct, name);
  object = (*env)->ExceptionCheck(env) ? NULL : (*env)->CallObjectMethod(env, object, toUri);
  object = (*env)->ExceptionCheck(env) ? NULL : (*env)->CallObjectMethod(env, object, toUrl);
  if ((*env)->ExceptionCheck(env)) {
    return false;
  }
  (*env)->SetObjectArrayElement(env, urls, at, object);
  return !(*env)->ExceptionCheck(env);
}

/* ClassLoader's static method of this name, called; NULL if something was thrown. */
static jobject known_loader(JNIEnv *env, const char *method) {
  jclass loaders = (*env)->FindClass(env, "java/lang/ClassLoader");
  jmethodID get = loaders == NULL ? NULL : (*env)->GetStaticMethodID(env, loaders, method, "()Ljava/lang/ClassLoader;");
  jobject loader = get == NULL ? NULL : (*env)->CallStaticObjectMethod(env, loaders, get);
  return (*env)->ExceptionCheck(env) ? NULL : loader;
}

/* A class loader of our own in another plugin's JVM, whose classes are never seen; NULL if something was thrown. */
static jobject own_loader(JNIEnv *env, const char *folder, struct dirent **jars, int count) {
  jclass url = (*env)->FindClass(env, "java/net/URL");
  jobjectArray urls = url == NULL ? NULL : (*env)->NewObjectArray(env, count, url, NULL);
  bool listed = urls != NULL;
  for (int i = 0; i < count && listed; i++) {
    char *path = text("%s/%s", folder, jars[i]->d_name);
    listed = set_url(env, urls, i, path);
    free(path);
  }
  jclass own = listed ? (*env)->FindClass(env, "java/net/URLClassLoader") : NULL;
  jmethodID construct = own == NULL ? NULL : (*env)->GetMethodID(env, own, "<init>", "([Ljava/net/URL;Ljava/lang/ClassLoader;)V");
  jobject above = construct == NULL ? NULL : known_loader(env, "getPlatformClassLoader");
  jobject loader = above == NULL ? NULL : (*env)->NewObject(env, own, construct, urls, above);
  return (*env)->ExceptionCheck(env) ? NULL : loader;
}

/* Loads our class from the jars beside the library. */
static char *load_class(JNIEnv *env, const char *dist) {
  char *folder = text("%s/lib/plugin", dist);
  struct dirent **jars;
  int count = list_jars(folder, &jars);
  if (count <= 0) {
    char *error = no_jars(folder, count);
    free(jars);
    free(folder);
    return error;
  }
  jobject loader = ours ? known_loader(env, "getSystemClassLoader") : own_loader(env, folder, jars, count);
  for (int i = 0; i < count; i++) {
    free(jars[i]);
  }
  free(jars);
  free(folder);
  if (loader == NULL) {
    return exception(env, "making a class loader");
  }
  jclass class = (*env)->FindClass(env, "java/lang/Class");
  jmethodID forName = class == NULL ? NULL
                                    : (*env)->GetStaticMethodID(env, class, "forName",
                                                                "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;");
  jstring name = forName == NULL ? NULL : (*env)->NewStringUTF(env, LOADER_CLASS);
  jobject loaded = name == NULL ? NULL : (*env)->CallStaticObjectMethod(env, class, forName, name, (jboolean)JNI_TRUE, loader);
  if ((*env)->ExceptionCheck(env) || loaded == NULL) {
    return exception(env, "loading class " LOADER_CLASS);
  }
  loaderClass = (*env)->NewGlobalRef(env, loaded);
  return loaderClass == NULL ? text("out of memory while loading classes") : NULL;
}

/* ---- Tasks: one start or stop on a thread of its own ---- */

/* Shared by the thread that asks and the thread that works; the last one of them frees it (references, under `lock`). */
struct task {
  bool stop;
  int references;
  bool finished;
  char *error;                 /* owned; set by the worker, taken by the asker */
  struct settings settings;    /* borrowed from the asker's copy below */
  char *dist;                  /* owned */
  int64_t table[TABLE_WORDS];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t finished; /* monotonic; made once */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct task *running; /* under lock; the task whose thread is in Java, or NULL */

static void make_condition(void) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&finished, &attributes);
  pthread_condattr_destroy(&attributes);
}

/* With `lock` held. */
static void release(struct task *task) {
  if (--task->references == 0) {
    settings_free(&task->settings);
    free(task->error);
    free(task->dist);
    free(task);
  }
}

static char *call_start(JNIEnv *env, const struct task *task) {
  char *error = loaderClass == NULL ? check_version(env) : NULL;
  if (error == NULL && loaderClass == NULL) {
    error = load_class(env, task->dist);
  }
  if (error != NULL) {
    return error;
  }
  jmethodID start = (*env)->GetStaticMethodID(env, loaderClass, "start", "(Ljava/lang/String;[J)Ljava/lang/String;");
  jstring dist = start == NULL ? NULL : (*env)->NewStringUTF(env, task->dist);
  jlongArray table = dist == NULL ? NULL : (*env)->NewLongArray(env, TABLE_WORDS);
  if (table == NULL) {
    return exception(env, "finding Loader.start");
  }
  _Static_assert(sizeof(jlong) == sizeof(int64_t), "a table word is a jlong");
  (*env)->SetLongArrayRegion(env, table, 0, TABLE_WORDS, (const jlong *)task->table);
  jobject answer = (*env)->CallStaticObjectMethod(env, loaderClass, start, dist, table);
  if ((*env)->ExceptionCheck(env)) {
    return exception(env, "starting");
  }
  return answer == NULL ? NULL : copy_string(env, answer);
}

static char *call_stop(JNIEnv *env) {
  jmethodID stop = loaderClass == NULL ? NULL : (*env)->GetStaticMethodID(env, loaderClass, "stop", "()V");
  if (stop != NULL) {
    (*env)->CallStaticVoidMethod(env, loaderClass, stop);
  }
  return stop == NULL || (*env)->ExceptionCheck(env) ? exception(env, "stopping") : NULL;
}

static void *work(void *argument) {
  struct task *task = argument;
  JNIEnv *env = NULL;
  char *error = enter_vm(task->stop ? NULL : &task->settings, task->dist, &env);
  if (error == NULL) {
    error = task->stop ? call_stop(env) : call_start(env, task);
    (*vm)->DetachCurrentThread(vm);
  }
  pthread_mutex_lock(&lock);
  task->error = error;
  task->finished = true;
  running = NULL;
  pthread_cond_broadcast(&finished);
  release(task);
  pthread_mutex_unlock(&lock);
  return NULL;
}

/* Takes over `task`, runs it, waits. */
static char *run(struct task *task, int seconds) {
  pthread_once(&once, make_condition);
  struct timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += seconds;
  task->references = 2;
  char *error = NULL;
  pthread_mutex_lock(&lock);
  while (running != NULL && error == NULL) {
    /* A stop or start that overran its deadline is still in Java. */
    if (pthread_cond_timedwait(&finished, &lock, &deadline) != 0) {
      error = text("an earlier start or stop of Java still has not ended. Cure: restart Orthanc");
    }
  }
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  if (error == NULL) {
    running = task;
    if (pthread_create(&thread, &attributes, work, task) != 0) {
      running = NULL;
      error = text("the system gives no thread for Java. Cure: raise the limit on threads");
    }
  }
  pthread_attr_destroy(&attributes);
  if (error != NULL) {
    task->references = 1; /* no thread has it */
  }
  while (!task->finished && error == NULL) {
    if (pthread_cond_timedwait(&finished, &lock, &deadline) != 0 && !task->finished) {
      error = text("Java did not answer within %d seconds", seconds);
    }
  }
  if (error == NULL) {
    error = task->error;
    task->error = NULL;
  }
  release(task);
  pthread_mutex_unlock(&lock);
  return error;
}

char *java_start(const struct settings *settings, const char *dist, const int64_t table[TABLE_WORDS], int seconds) {
  struct task *task = calloc(1, sizeof *task);
  if (task == NULL) {
    return text("out of memory while starting Java");
  }
  task->dist = text("%s", dist);
  memcpy(task->table, table, sizeof task->table);
  task->settings.javaLibrary = settings->javaLibrary == NULL ? NULL : text("%s", settings->javaLibrary);
  task->settings.heap = text("%s", settings->heap);
  return run(task, seconds);
}

char *java_stop(int seconds) {
  struct task *task = calloc(1, sizeof *task);
  if (task == NULL) {
    return text("out of memory while stopping Java");
  }
  task->stop = true;
  return run(task, seconds);
}
