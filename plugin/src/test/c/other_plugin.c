/* Another plugin as far as a library in memory tells: it exports what Orthanc calls. */
#include <stdint.h>

int32_t OrthancPluginInitialize(void *context);

int32_t OrthancPluginInitialize(void *context) {
  return context == 0;
}
