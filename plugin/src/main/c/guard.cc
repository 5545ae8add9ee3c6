/*
 * The one C++ file of the loader, since only C++ can catch what C++ throws. Orthanc's services catch exceptions of Orthanc's own classes and let
 * all others pass: above them are Java's frames, which nothing unwinds, so the process would end. Seen with 1.12.7 and 1.13.0: whoever asks for
 * a running job that makes an archive of nothing gets a rounding_error of Boost's, its progress being 0 / 0.
 */
#include "guard.h"

int32_t guarded_service(OrthancPluginContext *context, int32_t service, const void *parameters) {
  try {
    return context->InvokeService(context, static_cast<_OrthancPluginService>(service), parameters);
  } catch (...) {
    return OrthancPluginErrorCode_InternalError;
  }
}
