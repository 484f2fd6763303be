/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

double ilv__now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The file's second field is the name in brackets and may hold anything: read after its end. */
double ilv__cpu_of(pid_t pid, char *state, pid_t *parent)
{
    char path[64], text[1024];
    unsigned long user, system;
    *state = '\0';
    *parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return -1;
    text[n] = '\0';
    char *name_end = strrchr(text, ')');
    if (!name_end || sscanf(name_end, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", state,
                            parent, &user, &system) != 4)
        return -1;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}
