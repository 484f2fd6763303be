/* SPDX-License-Identifier: MIT */
/*
 * A program under test may put its processes into other groups and sessions, and orphan them:
 * as a subreaper we become their parent, and the list of our children is the list of what is
 * left. Killing one may hand us its children, so that the end is a loop.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "vec.h"

#define ROUNDS 1000 /* of killing, a net against a program that forks faster than we kill */

/* All children of this process, malloc()ed. */
static pid_t *children(size_t *count)
{
    ILV_VEC(pid_t) list = {0};
    char path[64];
    int pid;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *in = fopen(path, "re");
    while (in && fscanf(in, "%d", &pid) == 1)
        ilv_vec_push(&list, pid);
    if (in)
        fclose(in);
    *count = list.count;
    return list.at;
}

static bool known(const struct ilv__reaper *reaper, pid_t pid)
{
    for (size_t i = 0; i < reaper->known_count; i++) {
        if (reaper->known[i] == pid)
            return true;
    }
    return false;
}

void ilv__reaper_begin(struct ilv__reaper *reaper)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, &reaper->pipe);
    prctl(PR_GET_CHILD_SUBREAPER, &reaper->subreaper);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    reaper->known = children(&reaper->known_count);
}

/* Kills and collects what is there now. Returns how many that were. */
static size_t reap_once(const struct ilv__reaper *reaper)
{
    size_t count, killed = 0;
    pid_t *list = children(&count);
    for (size_t i = 0; i < count; i++) {
        if (known(reaper, list[i]))
            continue;
        kill(list[i], SIGKILL);
        while (waitpid(list[i], NULL, 0) < 0 && errno == EINTR)
            ;
        killed++;
    }
    free(list);
    return killed;
}

void ilv__reaper_end(struct ilv__reaper *reaper)
{
    for (int i = 0; i < ROUNDS && reap_once(reaper); i++)
        ;
    free(reaper->known);
    reaper->known = NULL;
    prctl(PR_SET_CHILD_SUBREAPER, reaper->subreaper);
    sigaction(SIGPIPE, &reaper->pipe, NULL);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path) && errno != ENOENT ? -1 : 0;
}

/* A directory without write permission keeps its content: give the permission first. */
static int open_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)at;
    if (type == FTW_D || type == FTW_DNR)
        (void)chmod(path, st->st_mode | S_IRWXU);
    return 0;
}

void ilv__remove_tree(const char *directory)
{
    if (!nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS))
        return;
    nftw(directory, open_one, 16, FTW_PHYS);
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
