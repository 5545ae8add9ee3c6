/*
 * The design to compare with: an Orthanc storage plugin that keeps every attachment as one object of an HTTP store and answers
 * only when the store has. One PUT per attachment, one GET per read, connections kept open and shared by all threads. It spares
 * itself what such plugins also do: no signatures, no TLS, no encryption, no LIST before a GET, no retries of its own.
 *
 *   SYNC_STORE_PORT    port of 127.0.0.1
 *   SYNC_STORE_BUCKET  first part of every object's path
 *   SYNC_STORE_RANGES  1: ranges are read as ranges; else whole objects only, as with client-side encryption of whole
 *                      objects, and Orthanc then stores the part before the pixels as an attachment of its own
 *
 * Threads: every function may be called by any of Orthanc's threads at any time; only the pool is shared, under its lock.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <orthanc/OrthancCPlugin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define POOL 64
#define HEAD 4096

static OrthancPluginContext* context;
static unsigned short port;
static const char* bucket;

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static int pool[POOL];
static int pooled;

/* An answer; the body is malloc'ed and the caller's, or NULL if the answer has none. */
typedef struct {
    int status;
    char* body;
    size_t size;
} answer_t;

static int dial(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr*)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* A connection of the caller's own; *fresh tells whether it was never used before. */
static int take(int* fresh) {
    int fd = -1;
    pthread_mutex_lock(&pool_lock);
    if (pooled > 0) {
        fd = pool[--pooled];
    }
    pthread_mutex_unlock(&pool_lock);
    *fresh = fd < 0;
    return fd < 0 ? dial() : fd;
}

static void give_back(int fd) {
    pthread_mutex_lock(&pool_lock);
    if (pooled < POOL) {
        pool[pooled++] = fd;
        fd = -1;
    }
    pthread_mutex_unlock(&pool_lock);
    if (fd >= 0) {
        close(fd);
    }
}

static int send_all(int fd, const char* head, size_t head_size, const void* body, size_t body_size) {
    struct iovec parts[2] = {{(void*)(size_t)head, head_size}, {(void*)(size_t)body, body_size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (message.msg_iovlen > 0) {
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return -1;
        }
        while (message.msg_iovlen > 0 && (size_t)sent >= message.msg_iov->iov_len) {
            sent -= (ssize_t)message.msg_iov->iov_len;
            message.msg_iov++;
            message.msg_iovlen--;
        }
        if (message.msg_iovlen > 0) {
            message.msg_iov->iov_base = (char*)message.msg_iov->iov_base + sent;
            message.msg_iov->iov_len -= (size_t)sent;
        }
    }
    return 0;
}

static int receive(int fd, answer_t* answer) {
    char head[HEAD + 1];
    size_t filled = 0;
    char* end = NULL;
    while (end == NULL) {
        ssize_t count = filled < HEAD ? recv(fd, head + filled, HEAD - filled, 0) : 0;
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return -1;
        }
        filled += (size_t)count;
        head[filled] = 0;
        end = strstr(head, "\r\n\r\n");
    }
    answer->status = atoi(head + 9);
    *end = 0;
    const char* length = strcasestr(head, "\r\nContent-Length:");
    answer->size = length == NULL ? 0 : strtoul(length + 17, NULL, 10);
    answer->body = NULL;
    if (answer->size == 0) {
        return 0;
    }
    answer->body = malloc(answer->size);
    if (answer->body == NULL) {
        return -1;
    }
    size_t have = filled - (size_t)(end + 4 - head);
    memcpy(answer->body, end + 4, have);
    while (have < answer->size) {
        ssize_t count = recv(fd, answer->body + have, answer->size - have, 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            free(answer->body);
            return -1;
        }
        have += (size_t)count;
    }
    return 0;
}

/* One request; asked a second time only if a kept connection had been closed by the store meanwhile. */
static int ask(const char* method, const char* uuid, const char* more, const void* body, size_t size, answer_t* answer) {
    char head[HEAD];
    int length = snprintf(head, sizeof head, "%s /%s/%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%sContent-Length: %zu\r\n\r\n", method,
                          bucket, uuid, port, more, size);
    int fresh = 0;
    while (!fresh) {
        int fd = take(&fresh);
        if (fd < 0) {
            return -1;
        }
        if (send_all(fd, head, (size_t)length, body, size) == 0 && receive(fd, answer) == 0) {
            give_back(fd);
            return 0;
        }
        close(fd);
    }
    return -1;
}

static OrthancPluginErrorCode store(const char* uuid, const void* content, int64_t size, OrthancPluginContentType type) {
    answer_t answer = {0};
    (void)type;
    if (ask("PUT", uuid, "", content, (size_t)size, &answer) != 0 || answer.status != 200) {
        OrthancPluginLogError(context, "sync_storage: the store did not take an attachment");
        free(answer.body);
        return OrthancPluginErrorCode_StorageAreaPlugin;
    }
    free(answer.body);
    return OrthancPluginErrorCode_Success;
}

static OrthancPluginErrorCode get(const char* uuid, const char* range, int status, answer_t* answer) {
    if (ask("GET", uuid, range, NULL, 0, answer) == 0) {
        if (answer->status == status) {
            return OrthancPluginErrorCode_Success;
        }
        free(answer->body);
    }
    OrthancPluginLogError(context, "sync_storage: the store did not give an attachment");
    return OrthancPluginErrorCode_StorageAreaPlugin;
}

static OrthancPluginErrorCode read_whole(OrthancPluginMemoryBuffer64* target, const char* uuid, OrthancPluginContentType type) {
    answer_t answer = {0};
    (void)type;
    OrthancPluginErrorCode code = get(uuid, "", 200, &answer);
    if (code != OrthancPluginErrorCode_Success) {
        return code;
    }
    code = OrthancPluginCreateMemoryBuffer64(context, target, answer.size);
    if (code == OrthancPluginErrorCode_Success) {
        memcpy(target->data, answer.body, answer.size);
    }
    free(answer.body);
    return code;
}

static OrthancPluginErrorCode read_range(OrthancPluginMemoryBuffer64* target, const char* uuid, OrthancPluginContentType type,
                                         uint64_t start) {
    answer_t answer = {0};
    char range[128];
    (void)type;
    snprintf(range, sizeof range, "Range: bytes=%llu-%llu\r\n", (unsigned long long)start,
             (unsigned long long)(start + target->size - 1));
    OrthancPluginErrorCode code = get(uuid, range, 206, &answer);
    if (code != OrthancPluginErrorCode_Success) {
        return code;
    }
    if (answer.size != target->size) {
        free(answer.body);
        return OrthancPluginErrorCode_StorageAreaPlugin;
    }
    memcpy(target->data, answer.body, answer.size);
    free(answer.body);
    return OrthancPluginErrorCode_Success;
}

static OrthancPluginErrorCode forget(const char* uuid, OrthancPluginContentType type) {
    answer_t answer = {0};
    (void)type;
    int asked = ask("DELETE", uuid, "", NULL, 0, &answer);
    free(answer.body);
    return asked == 0 ? OrthancPluginErrorCode_Success : OrthancPluginErrorCode_StorageAreaPlugin;
}

ORTHANC_PLUGINS_API int32_t OrthancPluginInitialize(OrthancPluginContext* given) {
    const char* number = getenv("SYNC_STORE_PORT");
    const char* ranges = getenv("SYNC_STORE_RANGES");
    context = given;
    bucket = getenv("SYNC_STORE_BUCKET");
    if (number == NULL || bucket == NULL) {
        return -1;
    }
    port = (unsigned short)atoi(number);
    int whole = ranges == NULL || strcmp(ranges, "1") != 0;
    OrthancPluginRegisterStorageArea2(context, store, read_whole, whole ? NULL : read_range, forget);
    return 0;
}

ORTHANC_PLUGINS_API void OrthancPluginFinalize(void) {}

ORTHANC_PLUGINS_API const char* OrthancPluginGetName(void) {
    return "sync-storage";
}

ORTHANC_PLUGINS_API const char* OrthancPluginGetVersion(void) {
    return "1";
}
