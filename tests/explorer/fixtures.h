/* SPDX-License-Identifier: MIT */
/* What the explorer's tests share: a place of their own, and hunts in the fake program. */
#ifndef FIXTURES_H
#define FIXTURES_H

#include "explorer.h"
#include "ilv_test.h"

/* Makes an empty directory, works in it from now on, and removes it when the process ends. */
void fixture_directory(void);

/* Writes a file in the current directory. */
void fixture_file(const char *name, const void *bytes, size_t size, unsigned mode);

/* How many children this process has; how many interleave-* directories TMPDIR has, which is the
 * fixture's directory. */
unsigned fixture_children(void);
unsigned fixture_leftovers(void);

/* A hunt in `fake_server MODE N`, with short limits for the watchdog, 300 runs and no limit in
 * time. */
struct fixture {
    struct ilv_world world;
    struct ilv_hunt hunt;
    struct ilv_hunt_result result;
    char *argv[4];
    char mode[32];
    char n[16];
    char error[1024];
};
void fixture_hunt_init(struct fixture *f, const char *mode, unsigned n);

/* Hunts and checks that nothing is left behind. Returns what ilv_hunt() did. */
int fixture_hunt(struct fixture *f);

#endif
