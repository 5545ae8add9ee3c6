/*
 * A reader of exactly three settings. Orthanc hands its configuration over as plain JSON: comments are gone, ${VAR} is substituted, folders are
 * merged. Everything else in the section is read by Java. Pure functions, no global state, called on Orthanc's main thread.
 */
#include "loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 100
#define DEFAULT_HEAP_MB 160
#define SMALLEST_HEAP_MB 128
#define LARGEST_HEAP_MB 65536
#define MOST_DIGITS 5
#define MOST_SHOWN 60 /* bytes of a wrong value in a message */

char *text(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *result = length < 0 ? NULL : malloc((size_t)length + 1);
  if (result == NULL) {
    fputs("Strongroom: out of memory while writing a message\n", stderr);
    abort();
  }
  va_start(arguments, format);
  vsnprintf(result, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return result;
}

static const char *skip_space(const char *p) {
  while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') {
    p++;
  }
  return p;
}

/* `p` at the opening quote; the place after the closing one, or NULL. */
static const char *skip_string(const char *p) {
  for (p++; *p != '"'; p++) {
    if (*p == '\\') {
      p++;
    }
    if (*p == '\0') {
      return NULL;
    }
  }
  return p + 1;
}

/* `p` at a value; the place after it, or NULL if the text is not JSON or nested too deeply. */
static const char *skip_value(const char *p, int depth) {
  if (depth > MAX_DEPTH) {
    return NULL;
  }
  if (*p == '"') {
    return skip_string(p);
  }
  if (*p != '{' && *p != '[') {
    size_t length = strcspn(p, ",]} \t\r\n");
    return length == 0 ? NULL : p + length;
  }
  char close = *p == '{' ? '}' : ']';
  p = skip_space(p + 1);
  if (*p == close) {
    return p + 1;
  }
  for (;;) {
    if (close == '}') {
      p = *p == '"' ? skip_string(p) : NULL;
      p = p == NULL ? NULL : skip_space(p);
      if (p == NULL || *p != ':') {
        return NULL;
      }
      p = skip_space(p + 1);
    }
    p = skip_value(p, depth + 1);
    if (p == NULL) {
      return NULL;
    }
    p = skip_space(p);
    if (*p == close) {
      return p + 1;
    }
    if (*p != ',') {
      return NULL;
    }
    p = skip_space(p + 1);
  }
}

/* The value of `name` in the object at `p`, or NULL; points into the caller's JSON. The last one wins where a name is repeated. */
static const char *member(const char *p, const char *name) {
  if (p == NULL || *p != '{') {
    return NULL;
  }
  const char *found = NULL;
  size_t length = strlen(name);
  p = skip_space(p + 1);
  while (*p == '"') {
    const char *key = p + 1;
    const char *after = skip_string(p);
    bool same = after != NULL && (size_t)(after - 1 - key) == length && memcmp(key, name, length) == 0;
    p = after == NULL ? NULL : skip_space(after);
    if (p == NULL || *p != ':') {
      return NULL;
    }
    p = skip_space(p + 1);
    if (same) {
      found = p;
    }
    p = skip_value(p, 0);
    if (p == NULL) {
      return NULL;
    }
    p = skip_space(p);
    if (*p == ',') {
      p = skip_space(p + 1);
    }
  }
  return found;
}

/* The string at `p` in new memory owned by the caller; NULL if it is not a string or holds an escape that no path needs. */
static char *string_at(const char *p) {
  const char *end = p != NULL && *p == '"' ? skip_string(p) : NULL;
  if (end == NULL) {
    return NULL;
  }
  char *result = malloc((size_t)(end - p));
  char *to = result;
  for (p++; result != NULL && p < end - 1; p++) {
    if (*p == '\\') {
      p++;
      if (*p != '"' && *p != '\\' && *p != '/') {
        free(result);
        return NULL;
      }
    }
    *to++ = *p;
  }
  if (result != NULL) {
    *to = '\0';
  }
  return result;
}

/* A value as it is written, in new memory owned by the caller: for a message. */
static char *shown(const char *p) {
  const char *end = skip_value(p, 0);
  size_t length = end == NULL ? 0 : (size_t)(end - p);
  return text("%.*s%s", (int)(length < MOST_SHOWN ? length : MOST_SHOWN), p, length > MOST_SHOWN ? "…" : "");
}

/* Whether the value at `p` is `word`, also in quotes, which is how a variable's value arrives. */
static bool is_word(const char *p, const char *word) {
  size_t length = strlen(word);
  const char *end = skip_value(p, 0);
  bool quoted = *p == '"';
  return end != NULL && (size_t)(end - p) == length + (quoted ? 2 : 0) && memcmp(p + (quoted ? 1 : 0), word, length) == 0;
}

/* "160 MB", "1 GB", "160MiB" as mebibytes; 0 if it is none of these. Mirrored by org.strongroom.core.settings.HeapSize. */
static unsigned long mebibytes(const char *value) {
  size_t digits = strspn(value, "0123456789");
  if (digits == 0 || digits > MOST_DIGITS) {
    return 0;
  }
  unsigned long number = strtoul(value, NULL, 10);
  const char *unit = value + digits;
  unit += *unit == ' ';
  if (strcmp(unit, "MB") == 0 || strcmp(unit, "MiB") == 0) {
    return number;
  }
  if (strcmp(unit, "GB") == 0 || strcmp(unit, "GiB") == 0) {
    return number * 1024;
  }
  return 0;
}

static char *read_heap(const char *java, struct settings *settings) {
  unsigned long size = DEFAULT_HEAP_MB;
  const char *value = member(java, "Heap");
  if (value != NULL) {
    char *given = string_at(value);
    size = given == NULL ? 0 : mebibytes(given);
    free(given);
    if (size < SMALLEST_HEAP_MB || size > LARGEST_HEAP_MB) {
      char *wrong = shown(value);
      char *error = text("setting Strongroom.Java.Heap: %s is no size from 128 MB to 64 GB. Cure: write a whole number of MB or GB, for example "
                         "\"160 MB\"",
                         wrong);
      free(wrong);
      return error;
    }
  }
  settings->heap = text("-Xmx%lum", size);
  return NULL;
}

char *settings_read(const char *json, struct settings *settings) {
  *settings = (struct settings){.tcpNoDelay = true};
  const char *root = skip_space(json);
  if (*root != '{' || skip_value(root, 0) == NULL) {
    return text("Orthanc's configuration is not a JSON object");
  }
  const char *section = member(root, "Strongroom");
  if (section != NULL && *section != '{') {
    return text("\"Strongroom\" in Orthanc's configuration is not a section. Cure: write \"Strongroom\": { … }");
  }
  const char *java = member(section, "Java");
  if (java != NULL && *java != '{') {
    return text("setting Strongroom.Java is not a section. Cure: write \"Java\": { \"Heap\": \"160 MB\" }");
  }
  const char *noDelay = member(section, "TcpNoDelay");
  if (noDelay != NULL && !is_word(noDelay, "false") && !is_word(noDelay, "true")) {
    char *wrong = shown(noDelay);
    char *error = text("setting Strongroom.TcpNoDelay: %s is neither true nor false. Cure: write one of them", wrong);
    free(wrong);
    return error;
  }
  settings->tcpNoDelay = noDelay == NULL || is_word(noDelay, "true");
  const char *library = member(java, "Library");
  if (library != NULL) {
    settings->javaLibrary = string_at(library);
    if (settings->javaLibrary == NULL || settings->javaLibrary[0] != '/') {
      return text("setting Strongroom.Java.Library is not an absolute path. Cure: name a libjvm.so, or leave the setting out");
    }
  }
  return read_heap(java, settings);
}

void settings_free(struct settings *settings) {
  free(settings->heap);
  free(settings->javaLibrary);
  *settings = (struct settings){.tcpNoDelay = true};
}
