/* SPDX-License-Identifier: MIT */
/* bench_lock_glib: GLib's mutex, which serves threads only; see contend.h. */
#include <glib.h>

#include "contend.h"

static void make(void *memory, int shared)
{
    (void)shared;
    g_mutex_init(memory);
}

static void lock(void *memory)
{
    g_mutex_lock(memory);
}

static void unlock(void *memory)
{
    g_mutex_unlock(memory);
}

int main(int argc, char **argv)
{
    static const struct contender table[] = {{"glib", make, lock, unlock}, {0}};
    return contend(argc, argv, table);
}
