/* SPDX-License-Identifier: MIT */
/*
 * park.c: futex words. Futexes are never FUTEX_PRIVATE: the same word serves threads and
 * processes, and a private one would save a twentieth of the cost of going to sleep.
 *
 * Where an object lies is read from /proc/self/maps. A process that cannot read it takes every
 * object for shared: then its parked tasks look now and then for nothing.
 */
#include "park.h"

#include <errno.h>
#include <fcntl.h>
#include <ilv/deadline.h>
#include <linux/futex.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

struct lines {
    int fd;
    size_t used;
    char text[4096];
};

/* The next line without its end, cut to what a buffer holds; NULL at the end of the file. */
static char *next_line(struct lines *in, size_t *length)
{
    char *end;
    memmove(in->text, in->text + *length, in->used - *length);
    in->used -= *length;
    while ((end = memchr(in->text, '\n', in->used)) == NULL) {
        ssize_t got = read(in->fd, in->text + in->used, sizeof in->text - in->used);
        if (got <= 0)
            return NULL;
        in->used += (size_t)got;
    }
    *end = '\0';
    *length = (size_t)(end - in->text) + 1;
    return in->text;
}

static unsigned long hexadecimal(const char **text)
{
    unsigned long value = 0;
    for (; **text != '\0'; (*text)++) {
        char c = **text;
        if (c >= '0' && c <= '9')
            value = value * 16 + (unsigned long)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value * 16 + (unsigned long)(c - 'a') + 10;
        else
            break;
    }
    return value;
}

/* The line is "low-high rwxp ...", the fourth letter is s for a shared mapping. */
static bool mapping_covers(const char *line, unsigned long address, uint32_t *reach)
{
    unsigned long low = hexadecimal(&line);
    line += *line == '-';
    unsigned long high = hexadecimal(&line);
    if (address < low || address >= high || strlen(line) < 5)
        return false;
    *reach = line[4] == 'p' ? ILV__PRIVATE : ILV__SHARED;
    return true;
}

static uint32_t find_reach(const void *address)
{
    struct lines in = {.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC), .used = 0};
    uint32_t reach = ILV__SHARED;
    size_t length = 0;
    if (in.fd < 0)
        return reach;
    for (char *line; (line = next_line(&in, &length)) != NULL;)
        if (mapping_covers(line, (unsigned long)(uintptr_t)address, &reach))
            break;
    close(in.fd);
    return reach;
}

uint32_t ilv__reach(const void *address, uint32_t *reach)
{
    uint32_t known = __atomic_load_n(reach, __ATOMIC_RELAXED);
    if (known != 0)
        return known;
    int saved = errno;
    known = find_reach(address);
    errno = saved;
    __atomic_store_n(reach, known, __ATOMIC_RELAXED);
    return known;
}

bool ilv__deadline_passed(const struct timespec *deadline)
{
    struct timespec now;
    if (deadline == NULL)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return !ilv__earlier(&now, deadline);
}

/* 0, or why it did not sleep or woke up. */
static int sleep_until(uint32_t *word, uint32_t expected, const struct timespec *until)
{
    return syscall(SYS_futex, word, FUTEX_WAIT_BITSET, expected, until, NULL,
                   FUTEX_BITSET_MATCH_ANY) == 0
               ? 0
               : errno;
}

/* In shared memory: no longer than until the next look, which alone is no end. */
static int sleep_and_look(uint32_t *word, uint32_t expected, const struct timespec *deadline)
{
    static const struct timespec pause = {.tv_sec = 0, .tv_nsec = ILV__LOOK_NS};
    if (deadline == NULL)
        return syscall(SYS_futex, word, FUTEX_WAIT, expected, &pause, NULL, 0) == 0 ? 0 : EAGAIN;
    struct timespec look = ilv_deadline_in(ILV__LOOK_NS);
    if (!ilv__earlier(&look, deadline))
        return sleep_until(word, expected, deadline);
    sleep_until(word, expected, &look);
    return EAGAIN;
}

int ilv__park(uint32_t *word, uint32_t expected, const struct timespec *deadline, uint32_t *reach)
{
    int saved = errno;
    int error = ilv__reach(word, reach) == ILV__SHARED ? sleep_and_look(word, expected, deadline)
                                                       : sleep_until(word, expected, deadline);
    errno = saved;
    return error == ETIMEDOUT ? ETIMEDOUT : 0;
}

int ilv__wake(uint32_t *word, int most)
{
    int saved = errno;
    long woken = syscall(SYS_futex, word, FUTEX_WAKE, most, NULL, NULL, 0);
    errno = saved;
    return woken > 0 ? (int)woken : 0;
}
