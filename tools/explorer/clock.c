/* SPDX-License-Identifier: MIT */
#include <dirent.h>
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

/* Reads a stat file; the end of its second field, or NULL. That is the name in brackets and may
 * hold anything: what counts stands after it. */
static const char *stat_read(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    ssize_t n = read(fd, text, size - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return strrchr(text, ')');
}

double ilv__cpu_of(pid_t pid, pid_t *parent)
{
    char path[64], text[1024];
    unsigned long user, system;
    *parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    const char *name_end = stat_read(path, text, sizeof text);
    if (!name_end || sscanf(name_end, ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                            parent, &user, &system) != 3)
        return -1;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

bool ilv__any_runs(pid_t pid)
{
    char path[320], text[1024];
    bool any = false;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    for (struct dirent *e; threads && !any && (e = readdir(threads));) {
        snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)pid, e->d_name);
        const char *name_end = *e->d_name != '.' ? stat_read(path, text, sizeof text) : NULL;
        any = name_end && !strncmp(name_end, ") R", 3);
    }
    if (threads)
        closedir(threads);
    return any;
}
