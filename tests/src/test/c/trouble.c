/*
 * trouble.so, by LD_PRELOAD: a disk that is full, read-only, broken or slow, and a clock that jumps, for one process.
 *
 * STRONGROOM_TROUBLE names a file that is read at every call, so that trouble comes and goes while the process runs. Its lines:
 *     CALLS ERRNO DELAY PREFIX   for paths that begin with PREFIX: each of CALLS (letters, below) waits DELAY milliseconds,
 *                                then fails with ERRNO unless that is 0
 *     clock SECONDS              the wall clock (not the monotonic one) is off by so much
 * CALLS: w write, r read, s fsync, c create or truncate, o any open, m rename, d unlink
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static const char *rules_file;

__attribute__((constructor)) static void begin(void) { rules_file = getenv("STRONGROOM_TROUBLE"); }

/* The rules as text; with raw system calls, so that our own opens and reads are nobody's trouble. */
static int rules(char *text, int room) {
    if (rules_file == NULL) return 0;
    int file = (int)syscall(SYS_openat, AT_FDCWD, rules_file, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) return 0;
    int size = (int)syscall(SYS_read, file, text, room - 1);
    syscall(SYS_close, file);
    if (size <= 0) return 0;
    text[size] = 0;
    return 1;
}

static long number(const char *text) {
    long value = 0;
    int negative = *text == '-';
    for (text += negative; *text >= '0' && *text <= '9'; text++) value = value * 10 + (*text - '0');
    return negative ? -value : value;
}

/* 0, or the errno that this call on this path must fail with; waits first if a rule says so. */
static int trouble(char call, const char *path) {
    char text[4096];
    char *line, *next = NULL;
    int saved = errno, failure = 0;
    if (path == NULL || !rules(text, sizeof text)) return 0;
    for (line = strtok_r(text, "\n", &next); line != NULL; line = strtok_r(NULL, "\n", &next)) {
        char *word = NULL, *calls = strtok_r(line, " ", &word), *error, *delay, *prefix;
        if (calls == NULL || strcmp(calls, "clock") == 0 || strchr(calls, call) == NULL) continue;
        error = strtok_r(NULL, " ", &word);
        delay = strtok_r(NULL, " ", &word);
        prefix = word;
        if (error == NULL || delay == NULL || strncmp(path, prefix, strlen(prefix)) != 0) continue;
        usleep((useconds_t)number(delay) * 1000);
        if (number(error) != 0) failure = (int)number(error);
    }
    errno = saved;
    return failure;
}

static int trouble_fd(char call, int fd) {
    char link[40], path[4096];
    if (rules_file == NULL) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (size <= 0) return 0;
    path[size] = 0;
    return trouble(call, path);
}

#define FAIL_IF(check) \
    do { \
        int failure_ = (check); \
        if (failure_ != 0) { errno = failure_; return -1; } \
    } while (0)

static int opening(const char *path, int flags) {
    int failure = trouble('o', path);
    return failure == 0 && (flags & (O_CREAT | O_TRUNC)) != 0 ? trouble('c', path) : failure;
}

#define MODE(flags, mode) \
    mode_t mode = 0; \
    if (((flags) & (O_CREAT | O_TMPFILE)) != 0) { \
        va_list more_; \
        va_start(more_, flags); \
        mode = va_arg(more_, mode_t); \
        va_end(more_); \
    }

int open(const char *path, int flags, ...) { REAL(open); MODE(flags, mode) FAIL_IF(opening(path, flags)); return real(path, flags, mode); }
int open64(const char *path, int flags, ...) { REAL(open64); MODE(flags, mode) FAIL_IF(opening(path, flags)); return real(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { REAL(openat); MODE(flags, mode) FAIL_IF(opening(path, flags)); return real(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { REAL(openat64); MODE(flags, mode) FAIL_IF(opening(path, flags)); return real(at, path, flags, mode); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); FAIL_IF(trouble('c', path)); return real(path, mode); }
int rename(const char *from, const char *to) { REAL(rename); FAIL_IF(trouble('m', to)); return real(from, to); }
int unlink(const char *path) { REAL(unlink); FAIL_IF(trouble('d', path)); return real(path); }

ssize_t write(int fd, const void *bytes, size_t size) { REAL(write); FAIL_IF(trouble_fd('w', fd)); return real(fd, bytes, size); }
ssize_t writev(int fd, const struct iovec *v, int n) { REAL(writev); FAIL_IF(trouble_fd('w', fd)); return real(fd, v, n); }
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { REAL(pwrite); FAIL_IF(trouble_fd('w', fd)); return real(fd, bytes, size, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) { REAL(pwrite64); FAIL_IF(trouble_fd('w', fd)); return real(fd, bytes, size, at); }
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) { REAL(sendfile64); FAIL_IF(trouble_fd('w', to)); return real(to, from, at, size); }
ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t size, unsigned flags) {
    REAL(copy_file_range);
    FAIL_IF(trouble_fd('w', to));
    return real(from, in, to, out, size, flags);
}
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); FAIL_IF(trouble_fd('w', fd)); return real(fd, size); }
ssize_t read(int fd, void *bytes, size_t size) { REAL(read); FAIL_IF(trouble_fd('r', fd)); return real(fd, bytes, size); }
ssize_t pread64(int fd, void *bytes, size_t size, off64_t at) { REAL(pread64); FAIL_IF(trouble_fd('r', fd)); return real(fd, bytes, size, at); }
int fsync(int fd) { REAL(fsync); FAIL_IF(trouble_fd('s', fd)); return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); FAIL_IF(trouble_fd('s', fd)); return real(fd); }

static long clock_offset(void) {
    char text[4096];
    char *line;
    if (!rules(text, sizeof text)) return 0;
    line = strstr(text, "clock ");
    return line == NULL ? 0 : number(line + 6);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(clock_gettime);
    int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += clock_offset();
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    REAL(gettimeofday);
    int result = real(now, zone);
    if (result == 0) now->tv_sec += clock_offset();
    return result;
}

time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now != NULL) *now = precise.tv_sec;
    return precise.tv_sec;
}
