/* Writes down what a process does to the files of one folder, in order, so that a power cut can be replayed.

   Loaded before the C library (LD_PRELOAD); Linux only. ELPIS_RECORD names the file to write to, ELPIS_UNDER the
   folder. Each record is: kind (1 byte), process (4), file descriptor (4), offset (8), length (8), length of name (4),
   length of second name (4), then the names, then the data that was written. Little endian, as the machine is.
   What is mapped into memory is not seen: of SQLite that is only the index of the write-ahead log, which no crash keeps.

   The process itself can have its disk become full: after elpis_room(n), n more writes below the folder are done, and
   then none, until elpis_room(-1).
*/
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
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int out = -1;
static char under[PATH_MAX];
static unsigned char watched[FILES];
static int64_t room = -1;

#define REAL(name) ((typeof(name) *)real(#name))

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("ELPIS_RECORD"), *folder = getenv("ELPIS_UNDER");
    if (!file || !folder || strlen(folder) >= PATH_MAX) return;
    strcpy(under, folder);
    out = REAL(open)(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_watched(int fd) { return out >= 0 && fd >= 0 && fd < FILES && watched[fd]; }

static void note(char kind, int fd, int64_t offset, const void *data, int64_t length, const char *a, const char *b) {
    uint32_t names[2] = {a ? strlen(a) : 0, b ? strlen(b) : 0};
    int32_t who[2] = {getpid(), fd};
    int64_t place[2] = {offset, length};
    struct iovec parts[7] = {
        {&kind, 1}, {who, sizeof who}, {place, sizeof place}, {names, sizeof names},
        {(void *)a, names[0]}, {(void *)b, names[1]}, {(void *)data, data ? (size_t)length : 0}};
    REAL(writev)(out, parts, 7); /* one call, so that records of two processes never mix */
}

/* The path of a name as the kernel sees it; 0 when it is not under the folder. */
static int path_of(int folder, const char *name, char *path) {
    char start[PATH_MAX] = "", link[64];
    if (out < 0 || !name) return 0;
    if (name[0] != '/') {
        if (folder == AT_FDCWD) {
            if (!getcwd(start, sizeof start)) return 0;
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t length = readlink(link, start, sizeof start - 1);
            if (length < 0) return 0;
            start[length] = 0;
        }
    }
    if (snprintf(path, PATH_MAX, "%s%s%s", start, start[0] ? "/" : "", name) >= PATH_MAX) return 0;
    size_t length = strlen(under);
    return !strncmp(path, under, length) && (path[length] == '/' || !path[length]);
}

static int opened(int fd, int folder, const char *name, int flags, int existed) {
    char path[PATH_MAX];
    if (fd >= 0 && fd < FILES) {
        watched[fd] = path_of(folder, name, path);
        if (watched[fd]) note('o', fd, (flags & O_TRUNC) != 0, NULL, !existed, path, NULL);
    }
    return fd;
}

#define OPEN(call, folder, name)                                                                \
    mode_t mode = 0;                                                                            \
    va_list more;                                                                               \
    va_start(more, flags);                                                                      \
    if (flags & (O_CREAT | O_TMPFILE)) mode = va_arg(more, mode_t);                             \
    va_end(more);                                                                               \
    pthread_mutex_lock(&turn);                                                                  \
    int existed = !(flags & O_CREAT) || !faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW);    \
    int fd = opened(call, folder, name, flags, existed), kept = errno;                          \
    pthread_mutex_unlock(&turn);                                                                \
    errno = kept;                                                                               \
    return fd;

int open(const char *name, int flags, ...) { OPEN(REAL(openat)(AT_FDCWD, name, flags, mode), AT_FDCWD, name) }
int open64(const char *name, int flags, ...) { OPEN(REAL(openat)(AT_FDCWD, name, flags, mode), AT_FDCWD, name) }
int openat(int folder, const char *name, int flags, ...) { OPEN(REAL(openat)(folder, name, flags, mode), folder, name) }
int openat64(int folder, const char *name, int flags, ...) { OPEN(REAL(openat)(folder, name, flags, mode), folder, name) }

int close(int fd) {
    pthread_mutex_lock(&turn);
    if (is_watched(fd)) {
        note('c', fd, 0, NULL, 0, NULL, NULL);
        watched[fd] = 0;
    }
    int done = REAL(close)(fd), kept = errno;
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}

/* Do something and write it down, so that the order on paper is the order on disk. */
#define DO(type, call, record)                 \
    pthread_mutex_lock(&turn);                 \
    type done = call;                          \
    int kept = errno;                          \
    if (done >= 0) { record; }                 \
    pthread_mutex_unlock(&turn);               \
    errno = kept;                              \
    return done;

void elpis_room(int64_t writes) {
    pthread_mutex_lock(&turn);
    room = writes;
    pthread_mutex_unlock(&turn);
}

/* Whether there is room for one more write, which is counted. */
static int has_room(void) {
    pthread_mutex_lock(&turn);
    int found = room != 0;
    if (room > 0) room--;
    pthread_mutex_unlock(&turn);
    if (!found) errno = ENOSPC;
    return found;
}

ssize_t write(int fd, const void *data, size_t length) {
    if (!is_watched(fd)) return REAL(write)(fd, data, length);
    if (!has_room()) return -1;
    DO(ssize_t, REAL(write)(fd, data, length), note('w', fd, lseek(fd, 0, SEEK_CUR) - done, data, done, NULL, NULL))
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!is_watched(fd)) return REAL(writev)(fd, parts, count);
    ssize_t whole = 0;
    for (int n = 0; n < count; n++) {
        ssize_t done = write(fd, parts[n].iov_base, parts[n].iov_len);
        if (done < 0) return whole ? whole : done;
        whole += done;
    }
    return whole;
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) {
    if (!is_watched(fd)) return REAL(pwrite)(fd, data, length, at);
    if (!has_room()) return -1;
    DO(ssize_t, REAL(pwrite)(fd, data, length, at), note('w', fd, at, data, done, NULL, NULL))
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
    if (!is_watched(fd)) return REAL(pwrite64)(fd, data, length, at);
    if (!has_room()) return -1;
    DO(ssize_t, REAL(pwrite64)(fd, data, length, at), note('w', fd, at, data, done, NULL, NULL))
}
int ftruncate(int fd, off_t size) {
    if (!is_watched(fd)) return REAL(ftruncate)(fd, size);
    DO(int, REAL(ftruncate)(fd, size), note('t', fd, size, NULL, 0, NULL, NULL))
}
int ftruncate64(int fd, off64_t size) {
    if (!is_watched(fd)) return REAL(ftruncate64)(fd, size);
    DO(int, REAL(ftruncate64)(fd, size), note('t', fd, size, NULL, 0, NULL, NULL))
}
int fsync(int fd) {
    if (!is_watched(fd)) return REAL(fsync)(fd);
    DO(int, REAL(fsync)(fd), note('s', fd, 0, NULL, 0, NULL, NULL))
}
int fdatasync(int fd) {
    if (!is_watched(fd)) return REAL(fdatasync)(fd);
    DO(int, REAL(fdatasync)(fd), note('s', fd, 0, NULL, 0, NULL, NULL))
}
static int moved(int done, int a, const char *from, int b, const char *to) {
    char old[PATH_MAX], fresh[PATH_MAX];
    if (done == 0 && path_of(a, from, old) + path_of(b, to, fresh)) note('r', -1, 0, NULL, 0, old, fresh);
    return done;
}
int rename(const char *from, const char *to) {
    DO(int, moved(REAL(rename)(from, to), AT_FDCWD, from, AT_FDCWD, to), )
}
int renameat(int a, const char *from, int b, const char *to) {
    DO(int, moved(REAL(renameat)(a, from, b, to), a, from, b, to), )
}
static int removed(int done, char kind, int folder, const char *name) {
    char path[PATH_MAX];
    if (done == 0 && path_of(folder, name, path)) note(kind, -1, 0, NULL, 0, path, NULL);
    return done;
}
int unlink(const char *name) { DO(int, removed(REAL(unlink)(name), 'u', AT_FDCWD, name), ) }
int rmdir(const char *name) { DO(int, removed(REAL(rmdir)(name), 'd', AT_FDCWD, name), ) }
int mkdir(const char *name, mode_t mode) { DO(int, removed(REAL(mkdir)(name, mode), 'm', AT_FDCWD, name), ) }
int unlinkat(int folder, const char *name, int flags) {
    DO(int, removed(REAL(unlinkat)(folder, name, flags), flags & AT_REMOVEDIR ? 'd' : 'u', folder, name), )
}
int mkdirat(int folder, const char *name, mode_t mode) {
    DO(int, removed(REAL(mkdirat)(folder, name, mode), 'm', folder, name), )
}

/* Copies within the kernel would pass by unseen: who asks for them goes back to reading and writing. */
ssize_t sendfile(int to, int from, off_t *at, size_t count) { errno = ENOSYS; return -1; }
ssize_t sendfile64(int to, int from, off64_t *at, size_t count) { errno = ENOSYS; return -1; }
ssize_t copy_file_range(int a, off64_t *b, int c, off64_t *d, size_t e, unsigned f) { errno = ENOSYS; return -1; }
