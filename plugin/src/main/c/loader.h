/* What the files of the loader share: settings.c reads its few settings, jvm.c finds and enters Java, loader.c and doors.c talk with Orthanc. */
#ifndef STRONGROOM_LOADER_H
#define STRONGROOM_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the system's libraries allow it, bind to the oldest version of a symbol, so that one file loads on older systems than the one it was built on. */
#ifdef STRONGROOM_OLD_GLIBC
#if defined(__x86_64__)
#define OLD_GLIBC_NAME(symbol, old, amd64, arm64) __asm__(".symver " #symbol "," #old "@GLIBC_" amd64)
#elif defined(__aarch64__)
#define OLD_GLIBC_NAME(symbol, old, amd64, arm64) __asm__(".symver " #symbol "," #old "@GLIBC_" arm64)
#endif
#endif
#ifndef OLD_GLIBC_NAME
#define OLD_GLIBC_NAME(symbol, old, amd64, arm64) struct strongroom_unused
#endif
#define OLD_GLIBC(symbol, amd64, arm64) OLD_GLIBC_NAME(symbol, symbol, amd64, arm64)

/* The part of section "Strongroom" that is needed before Java runs. All pointers are owned by this struct; settings_free releases them. */
struct settings {
  char *javaLibrary; /* path of libjvm.so, or NULL: look for one */
  char *heap;        /* "-Xmx…", never NULL after settings_read */
  bool tcpNoDelay;
};

/* Reads them from Orthanc's merged configuration. NULL, or a text for the log that the caller frees. */
char *settings_read(const char *json, struct settings *settings);
void settings_free(struct settings *settings);

/*
 * Start and stop of the Java side, each on a thread of its own with a large stack (Orthanc's may be far too small), with a deadline. `dist` is
 * the folder of libStrongroom.so; `table` is copied. NULL, or a text for the log that the caller frees. Called by Initialize and Finalize only.
 */
#define TABLE_WORDS 15
char *java_start(const struct settings *settings, const char *dist, const int64_t table[TABLE_WORDS], int seconds);
char *java_stop(int seconds);

/* printf into new memory, owned by the caller; a static text's copy if there is no memory, NULL never. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

enum log_level { LOG_INFO = 1, LOG_WARNING = 2, LOG_ERROR = 3 };
/* One line in Orthanc's log; nothing if no context is open. Any thread. */
void loader_log(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
