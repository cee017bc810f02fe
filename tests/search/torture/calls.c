// Preloaded into a writer: records what it does to the files of a folder, or lets a call fail.
//
// CIVID_TORTURE_FOLDER   files whose path begins with it are watched
// CIVID_TORTURE_RECORD   append a record of each call to this file (see power.py)
// CIVID_TORTURE_FAIL     "n errno": the nth changing call fails, and with "n errno 1" all later ones

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

typedef struct {
    uint64_t inode;
    int64_t offset;
    uint32_t kind, length, other;
    uint32_t zero;
} head_t;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static int record = -1;
static long calls, fail_at = -1, fail_with, fail_on;

#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("CIVID_TORTURE_RECORD"), *fail = getenv("CIVID_TORTURE_FAIL");
    folder = getenv("CIVID_TORTURE_FOLDER");
    if (fail) sscanf(fail, "%ld %ld %ld", &fail_at, &fail_with, &fail_on);
    if (folder && path) record = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int watched(const char *path)
{
    return folder && !strncmp(path, folder, strlen(folder));
}

static int path_of(int fd, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
    return watched(path);
}

static int path_at(int beside, const char *name, char *path)
{
    char base[PATH_MAX];
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
    } else {
        if (beside == AT_FDCWD) { if (!getcwd(base, sizeof base)) base[0] = 0; }
        else path_of(beside, base);
        if (strlen(base) + strlen(name) + 2 > PATH_MAX) return 0;
        stpcpy(stpcpy(stpcpy(path, base), "/"), name);
    }
    return watched(path);
}

static void note(char kind, uint64_t inode, int64_t offset, const void *data, size_t length,
                 const char *other)
{
    if (record < 0) return;
    size_t more = other ? strlen(other) : 0;
    head_t head = {inode, offset, (uint32_t)kind, (uint32_t)length, (uint32_t)more, 0};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)data, length}, {(void *)other, more}};
    pthread_mutex_lock(&mutex);
    if (writev(record, parts, 3) < 0) abort();
    pthread_mutex_unlock(&mutex);
}

static uint64_t inode_of(int fd)
{
    struct stat found;
    return fstat(fd, &found) ? 0 : found.st_ino;
}

// -> must this call fail?
static int fails(void)
{
    pthread_mutex_lock(&mutex);
    long call = calls++;
    pthread_mutex_unlock(&mutex);
    if (fail_at < 0 || call < fail_at || (call > fail_at && !fail_on)) return 0;
    errno = (int)fail_with;
    return 1;
}

static int opened(int fd, int beside, const char *name, int flags)
{
    char path[PATH_MAX];
    if (fd >= 0 && flags & (O_CREAT | O_TRUNC) && path_at(beside, name, path))
        note(flags & O_TRUNC ? 'T' : 'O', inode_of(fd), 0, path, strlen(path), NULL);
    return fd;
}

#define OPENS(name, arguments, beside, pass) \
    int name arguments \
    { \
        NEXT(name); \
        char full[PATH_MAX]; \
        mode_t mode = 0; \
        if (flags & O_CREAT) { \
            va_list more; \
            va_start(more, flags); \
            mode = va_arg(more, mode_t); \
            va_end(more); \
        } \
        if (flags & O_CREAT && folder && path_at(beside, path, full) && fails()) return -1; \
        return opened(next pass, beside, path, flags); \
    }

OPENS(open, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
OPENS(open64, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
OPENS(openat, (int fd, const char *path, int flags, ...), fd, (fd, path, flags, mode))
OPENS(openat64, (int fd, const char *path, int flags, ...), fd, (fd, path, flags, mode))

ssize_t write(int fd, const void *data, size_t length)
{
    NEXT(write);
    char path[PATH_MAX];
    if (!folder || !path_of(fd, path)) return next(fd, data, length);
    if (fails()) return -1;
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = next(fd, data, length);
    if (done > 0) note('W', inode_of(fd), at, data, (size_t)done, NULL);
    return done;
}

#define PWRITES(name, offset_t) \
    ssize_t name(int fd, const void *data, size_t length, offset_t at) \
    { \
        NEXT(name); \
        char path[PATH_MAX]; \
        if (!folder || !path_of(fd, path)) return next(fd, data, length, at); \
        if (fails()) return -1; \
        ssize_t done = next(fd, data, length, at); \
        if (done > 0) note('W', inode_of(fd), at, data, (size_t)done, NULL); \
        return done; \
    }

PWRITES(pwrite, off_t)
PWRITES(pwrite64, off64_t)

#define TRUNCATES(name, offset_t) \
    int name(int fd, offset_t size) \
    { \
        NEXT(name); \
        char path[PATH_MAX]; \
        if (!folder || !path_of(fd, path)) return next(fd, size); \
        if (fails()) return -1; \
        int status = next(fd, size); \
        if (!status) note('Z', inode_of(fd), size, NULL, 0, NULL); \
        return status; \
    }

TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

#define FLUSHES(name) \
    int name(int fd) \
    { \
        NEXT(name); \
        char path[PATH_MAX]; \
        if (!folder || !path_of(fd, path)) return next(fd); \
        if (fails()) return -1; \
        int status = next(fd); \
        if (!status) note('S', inode_of(fd), 0, path, strlen(path), NULL); \
        return status; \
    }

FLUSHES(fsync)
FLUSHES(fdatasync)

static int unlinked(int status, int beside, const char *name)
{
    char path[PATH_MAX];
    if (!status && path_at(beside, name, path)) note('U', 0, 0, path, strlen(path), NULL);
    return status;
}

int unlink(const char *path)
{
    NEXT(unlink);
    return unlinked(next(path), AT_FDCWD, path);
}

int unlinkat(int fd, const char *path, int flags)
{
    NEXT(unlinkat);
    return unlinked(next(fd, path, flags), fd, path);
}

#define NAMES(name, kind, arguments, pass, fd, old, other_fd, fresh) \
    int name arguments \
    { \
        NEXT(name); \
        char from[PATH_MAX], to[PATH_MAX]; \
        int ours = folder && path_at(fd, old, from) && path_at(other_fd, fresh, to); \
        if (ours && fails()) return -1; \
        int status = next pass; \
        if (!status && ours) note(kind, 0, 0, from, strlen(from), to); \
        return status; \
    }

NAMES(link, 'L', (const char *a, const char *b), (a, b), AT_FDCWD, a, AT_FDCWD, b)
NAMES(linkat, 'L', (int fd, const char *a, int to_fd, const char *b, int flags),
      (fd, a, to_fd, b, flags), fd, a, to_fd, b)
NAMES(rename, 'R', (const char *a, const char *b), (a, b), AT_FDCWD, a, AT_FDCWD, b)
NAMES(renameat, 'R', (int fd, const char *a, int to_fd, const char *b), (fd, a, to_fd, b), fd, a,
      to_fd, b)
