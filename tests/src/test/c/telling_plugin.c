/*
 * A plugin that tells Orthanc of something for audit logs, as an authorization plugin does: GET /tell/STUDY says that ann viewed that study, adds
 * the patient's name to it, and says the same of something that is no resource, in words that name the patient.
 */
#include <orthanc/OrthancCPlugin.h>

#include <string.h>

/* What the SDK of 1.12.9 has for it. */
#define EMIT_AUDIT_LOG 61

struct audit_log {
  const char *plugin;
  const char *user;
  OrthancPluginResourceType type;
  const char *resource;
  const char *action;
  const void *data;
  uint32_t size;
};

static OrthancPluginContext *orthanc;

static void tell(const struct audit_log *log) {
  orthanc->InvokeService(orthanc, (_OrthancPluginService)EMIT_AUDIT_LOG, log);
}

static OrthancPluginErrorCode on_request(OrthancPluginRestOutput *output, const char *url, const OrthancPluginHttpRequest *request) {
  (void)url;
  const char *name = "DOE^JANE";
  struct audit_log view = {"telling", "ann", OrthancPluginResourceType_Study, request->groups[0], "view", name, (uint32_t)strlen(name)};
  struct audit_log odd = {"telling", name, OrthancPluginResourceType_None, name, "looked for DOE^JANE", NULL, 0};
  tell(&view);
  tell(&odd);
  OrthancPluginAnswerBuffer(orthanc, output, "told", 4, "text/plain");
  return OrthancPluginErrorCode_Success;
}

ORTHANC_PLUGINS_API int32_t OrthancPluginInitialize(OrthancPluginContext *context) {
  orthanc = context;
  OrthancPluginRegisterRestCallbackNoLock(context, "/tell/(.*)", on_request);
  return 0;
}

ORTHANC_PLUGINS_API void OrthancPluginFinalize(void) {}

ORTHANC_PLUGINS_API const char *OrthancPluginGetName(void) {
  return "telling";
}

ORTHANC_PLUGINS_API const char *OrthancPluginGetVersion(void) {
  return "1.0";
}
