/* Calls of Orthanc's services that nothing comes out of but an error code. For C and C++. */
#ifndef STRONGROOM_GUARD_H
#define STRONGROOM_GUARD_H

#include <orthanc/OrthancCPlugin.h>

#ifdef __cplusplus
extern "C"
#endif
/* What InvokeService answers; InternalError if it threw something that Orthanc does not catch. On any thread. */
int32_t guarded_service(OrthancPluginContext *context, int32_t service, const void *parameters);

#endif
