/* SPDX-License-Identifier: MIT */
/*
 * rundir.c: the working directory of a run (--fresh-dir), and the command that judges it
 * (--check). All of it but ilv__rundir_enter() runs in the fork server, where nothing is
 * modelled: libc may be used.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server.h"

#define REMOVE_DEPTH 32

static bool wanted(void)
{
    return ilv__world.block->config.fresh_dir != 0;
}

static void path_of(uint32_t run, char *path, size_t size)
{
    snprintf(path, size, "%s/%u", ilv__world.block->config.run_dir, run);
}

/* Runs a program and waits: its exit status, or 128 + signal. */
static int run_program(const char *const argv[], const char *directory, int output)
{
    int pid = fork();
    if (pid == 0) {
        if (directory != NULL && chdir(directory) != 0)
            _exit(127);
        if (output >= 0) {
            dup2(output, 1);
            dup2(output, 2);
        }
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

void ilv__rundir_remove(uint32_t run)
{
    char path[ILV_PATH_MAX + 16];
    if (!wanted())
        return;
    path_of(run, path, sizeof path);
    nftw(path, remove_one, REMOVE_DEPTH, FTW_DEPTH | FTW_PHYS);
}

void ilv__rundir_make(uint32_t run)
{
    char path[ILV_PATH_MAX + 16];
    char from[ILV_PATH_MAX + 4];
    if (!wanted())
        return;
    path_of(run, path, sizeof path);
    snprintf(from, sizeof from, "%s/.", ilv__world.block->config.source_dir);
    const char *const copy[] = {"cp", "-a", "--reflink=auto", "--", from, path, NULL};
    if (mkdir(path, 0700) == 0 && run_program(copy, NULL, -1) != 0)
        ilv__rundir_remove(run);
}

void ilv__rundir_enter(uint32_t run)
{
    char path[ILV_PATH_MAX + 16];
    if (!wanted())
        return;
    path_of(run, path, sizeof path);
    if (chdir(path) != 0)
        ilv__limited("the working directory cannot be copied");
}

int ilv__rundir_check(uint32_t run)
{
    const struct ilv_config *config = &ilv__world.block->config;
    char path[ILV_PATH_MAX + 16];
    if (config->check[0] == 0)
        return 0;
    path_of(run, path, sizeof path);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const char *const check[] = {"sh", "-c", config->check, NULL};
    int status = run_program(check, wanted() ? path : NULL, null);
    close(null);
    return status;
}
