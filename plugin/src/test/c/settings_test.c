/*
 * The settings that are read before Java runs: right ones, wrong ones, and every truncation of a configuration. The files that are named are
 * read whole, and with every byte in turn being another, or the last.
 */
#include "../../main/c/loader.h"
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool accepted(const char *json, struct settings *settings) {
  char *error = settings_read(json, settings);
  bool ok = error == NULL;
  CHECK(ok || strlen(error) > 20);
  free(error);
  return ok;
}

static void refused(const char *json) {
  struct settings settings;
  if (accepted(json, &settings)) {
    fprintf(stderr, "accepted: %s\n", json);
    exit(1);
  }
  settings_free(&settings);
}

/* Refused in words that name the key and the value, with a cure. */
static void tells(const char *json, const char *words) {
  struct settings settings;
  char *error = settings_read(json, &settings);
  CHECK(error != NULL && strstr(error, words) != NULL && strstr(error, "Cure: ") != NULL);
  free(error);
  settings_free(&settings);
}

/* In memory that ends with the text, so that nothing behind it is read unseen. */
static bool tried(const char *json, size_t length) {
  struct settings settings;
  char *part = malloc(length + 1);
  CHECK(part != NULL);
  memcpy(part, json, length);
  part[length] = '\0';
  bool ok = accepted(part, &settings);
  settings_free(&settings);
  free(part);
  return ok;
}

static bool file(const char *name) {
  static char text[16384];
  FILE *in = fopen(name, "rb");
  CHECK(in != NULL);
  size_t length = fread(text, 1, sizeof text, in);
  fclose(in);
  CHECK(length < sizeof text);
  bool whole = tried(text, length);
  for (size_t at = 0; at < length; at++) {
    static const char others[] = {0, 1, '"', '\\', '{', '}', '[', ',', ':', '0', 't', (char)0xff};
    char own = text[at];
    tried(text, at);
    text[at] = others[at % sizeof others];
    tried(text, length);
    text[at] = own;
  }
  return whole;
}

int main(int argc, char **argv) {
  struct settings s;
  CHECK(accepted("{}", &s));
  CHECK(strcmp(s.heap, "-Xmx160m") == 0 && s.tcpNoDelay && s.javaLibrary == NULL);
  settings_free(&s);

  static const char full[] =
      " { \"Name\" : \"a } \\\" [\", \"Java\": {\"Heap\": \"1 GB\"}, \"Strongroom\": { \"Tiers\" : {\"Java\": {\"Library\": 1}, \"x\": [1, {}, [], \"]\"]},\n"
      "\"TcpNoDelay\" : false, \"Java\":{\"Library\":\"\\/opt\\\\x/libjvm.so\",\"Heap\":\"2GB\"}} , \"z\": -1.5e3}";
  CHECK(accepted(full, &s));
  CHECK(strcmp(s.javaLibrary, "/opt\\x/libjvm.so") == 0 && strcmp(s.heap, "-Xmx2048m") == 0 && !s.tcpNoDelay);
  settings_free(&s);
  for (size_t length = 0; length < sizeof full - 1; length++) {
    char *part = malloc(length + 1);
    CHECK(part != NULL);
    memcpy(part, full, length);
    part[length] = '\0';
    refused(part);
    free(part);
  }

  refused("[]");
  refused("{\"Strongroom\": 1}");
  refused("{\"Strongroom\": {\"Java\": []}}");
  /* A variable's value arrives in quotes. */
  CHECK(accepted("{\"Strongroom\": {\"TcpNoDelay\": \"false\"}}", &s) && !s.tcpNoDelay);
  settings_free(&s);
  CHECK(accepted("{\"Strongroom\": {\"TcpNoDelay\": \"true\"}}", &s) && s.tcpNoDelay);
  settings_free(&s);
  static const char *const neither[] = {"1", "\"\"", "\"yes\"", "trueish", "\"falsely\"", "\"true", "null"};
  for (size_t i = 0; i < sizeof neither / sizeof *neither; i++) {
    char json[128];
    snprintf(json, sizeof json, "{\"Strongroom\": {\"TcpNoDelay\": %s}}", neither[i]);
    refused(json);
  }
  tells("{\"Strongroom\": {\"TcpNoDelay\": \"yes\"}}", "Strongroom.TcpNoDelay: \"yes\" is neither");
  tells("{\"Strongroom\": {\"Java\": {\"Heap\": \"16 MB\"}}}", "Strongroom.Java.Heap: \"16 MB\" is no size");
  refused("{\"Strongroom\": {\"Java\": {\"Library\": \"libjvm.so\"}}}");
  refused("{\"Strongroom\": {\"Java\": {\"Library\": 7}}}");
  static const char *const heaps[] = {"160", "MB", "-160 MB", "127 MB", "65 GB", "160 KB", "160M", "160  MB", " 160 MB", "1.5 GB", "000160 MB", "99999999999999999999 MB", "160 MBx", ""};
  for (size_t i = 0; i < sizeof heaps / sizeof *heaps; i++) {
    char json[128];
    snprintf(json, sizeof json, "{\"Strongroom\": {\"Java\": {\"Heap\": \"%s\"}}}", heaps[i]);
    refused(json);
  }
  char *deep = malloc(20001);
  CHECK(deep != NULL);
  memset(deep, '[', 20000);
  memcpy(deep, "{\"a\":", 5);
  deep[20000] = '\0';
  refused(deep);
  free(deep);
  int taken = 0;
  for (int i = 1; i < argc; i++) {
    taken += file(argv[i]);
  }
  CHECK(argc == 1 || taken > 20);
  puts("settings: accepted what is right, refused what is wrong");
  return 0;
}
