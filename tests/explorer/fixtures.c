/* SPDX-License-Identifier: MIT */
#include "fixtures.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

void fixture_directory(void)
{
    snprintf(place, sizeof place, "/tmp/explorer-test-XXXXXX");
    owner = getpid();
    if (!mkdtemp(place) || chdir(place) || atexit(remove_place) || setenv("TMPDIR", place, 1))
        abort();
}

void fixture_file(const char *name, const void *bytes, size_t size, unsigned mode)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || fchmod(fd, (mode_t)mode))
        abort();
    close(fd);
}

unsigned fixture_children(void)
{
    char path[64];
    int pid;
    unsigned count = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *in = fopen(path, "re");
    while (in && fscanf(in, "%d", &pid) == 1)
        count++;
    if (in)
        fclose(in);
    return count;
}

unsigned fixture_leftovers(void)
{
    unsigned count = 0;
    DIR *dir = opendir(place);
    for (struct dirent *e; dir && (e = readdir(dir));)
        count += !strncmp(e->d_name, "interleave-", 11);
    if (dir)
        closedir(dir);
    return count;
}

void fixture_hunt_init(struct fixture *f, const char *mode, unsigned n)
{
    static char program[] = FAKE_SERVER;
    fixture_directory();
    *f = (struct fixture){.argv = {program, f->mode, f->n, NULL}};
    snprintf(f->mode, sizeof f->mode, "%s", mode);
    snprintf(f->n, sizeof f->n, "%u", n);
    ilv_world_init(&f->world, f->argv);
    ilv_hunt_init(&f->hunt, &f->world);
    f->hunt.setup.runtime = "";
    f->hunt.setup.spin_seconds = 0.3;
    f->hunt.setup.blocked_seconds = 0.5;
    f->hunt.setup.start_seconds = 0.5;
    f->hunt.seconds = 0;
    f->hunt.runs = 300;
}

int fixture_hunt(struct fixture *f)
{
    unsigned before = fixture_children();
    int result = ilv_hunt(&f->hunt, &f->result, f->error, sizeof f->error);
    ILV_CHECK_INT(fixture_children(), before);
    ILV_CHECK_INT(fixture_leftovers(), 0);
    return result;
}
