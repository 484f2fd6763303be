/* SPDX-License-Identifier: MIT */
#include "fixtures.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char place[64];
static pid_t owner;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void remove_place(void)
{
    if (getpid() == owner)
        nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Sets a variable to the whole path of a folder of the place. */
static int setenv_path(const char *name, const char *folder)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", place, folder);
    return setenv(name, path, 1);
}

static void place_make(void)
{
    snprintf(place, sizeof place, "/tmp/cli-test-XXXXXX");
    owner = getpid();
    if (!mkdtemp(place) || chdir(place) || atexit(remove_place) || mkdir("tmp", 0700) ||
        mkdir("work", 0700) || setenv_path("TMPDIR", "tmp") || chdir("work"))
        abort();
}

void fixture_directory(void)
{
    place_make();
    if (symlink(FAKE_SERVER, "fake"))
        abort();
    setenv("ILV_RUNTIME", "", 1);
    unsetenv("ILV_BACKEND");
    unsetenv("ILV_TRAP");
}

void fixture_sandbox(void)
{
    place_make();
    unsetenv("ILV_RUNTIME");
    if (symlink(ODD, "odd"))
        abort();
}

unsigned fixture_leftovers(void)
{
    unsigned count = 0;
    DIR *dir = opendir("../tmp");
    for (struct dirent *e; dir && (e = readdir(dir));)
        count += e->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return count;
}

pid_t fixture_start(const char *line)
{
    char *command;
    if (asprintf(&command, "exec %s %s >stdout.txt 2>stderr.txt </dev/null", INTERLEAVE, line) < 0)
        abort();
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    free(command);
    return pid;
}

static void read_all(const char *name, char *out, size_t size)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, out, size - 1);
    out[n > 0 ? n : 0] = '\0';
    if (fd >= 0)
        close(fd);
    unlink(name);
}

void fixture_end(pid_t pid, struct call *call)
{
    int status;
    if (waitpid(pid, &status, 0) != pid)
        abort();
    call->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    read_all("stdout.txt", call->out, sizeof call->out);
    read_all("stderr.txt", call->err, sizeof call->err);
}

void fixture_call(struct call *call, const char *line)
{
    fixture_end(fixture_start(line), call);
}

const char *fixture_last_line(const char *text)
{
    static char line[4096];
    size_t end = strlen(text);
    while (end && text[end - 1] == '\n')
        end--;
    size_t begin = end;
    while (begin && text[begin - 1] != '\n')
        begin--;
    snprintf(line, sizeof line, "%.*s", (int)(end - begin), text + begin);
    return line;
}

void fixture_file(const char *name, const char *text, unsigned mode)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t size = strlen(text);
    if (fd < 0 || write(fd, text, size) != (ssize_t)size || fchmod(fd, (mode_t)mode))
        abort();
    close(fd);
}

/* A process of ours works in the directory of the test. */
static bool is_ours(const char *pid)
{
    char path[300], name[256] = "", where[256] = "";
    snprintf(path, sizeof path, "/proc/%s/cwd", pid);
    ssize_t n = readlink(path, where, sizeof where - 1);
    snprintf(path, sizeof path, "/proc/%s/comm", pid);
    FILE *in = fopen(path, "re");
    bool named =
        in && fgets(name, sizeof name, in) &&
        (!strncmp(name, "fake", 4) || !strncmp(name, "odd", 3) || !strncmp(name, "buggy", 5));
    if (in)
        fclose(in);
    return named && n > 0 && !strncmp(where, place, strlen(place));
}

unsigned fixture_running(void)
{
    unsigned count = 0;
    DIR *dir = opendir("/proc");
    for (struct dirent *e; dir && (e = readdir(dir));)
        count += e->d_name[0] >= '0' && e->d_name[0] <= '9' && is_ours(e->d_name);
    if (dir)
        closedir(dir);
    return count;
}

void fixture_refused(const char *line, const char *error)
{
    static struct call call;
    fixture_call(&call, line);
    ILV_CHECK_STR(call.err, error);
    ILV_CHECK_STR(call.out, "");
    ILV_CHECK_INT(call.status, 2);
}
