/* SPDX-License-Identifier: MIT */
/* bench_pool_glib: nanoseconds a task of GLib's GThreadPool, two exclusive threads. */
#include <glib.h>
#include <stdio.h>

enum { TASKS = 200000 };

static gint out[TASKS + 1];

static void add_one(gpointer data, gpointer context)
{
    gint at = GPOINTER_TO_INT(data);
    (void)context;
    out[at] = at + 1;
}

int main(void)
{
    GThreadPool *pool = g_thread_pool_new(add_one, NULL, 2, TRUE, NULL);
    gint64 start = g_get_monotonic_time();
    for (gint i = 1; i <= TASKS; i++) {
        g_thread_pool_push(pool, GINT_TO_POINTER(i), NULL);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
    (void)printf("%.1f\n", (double)(g_get_monotonic_time() - start) * 1000.0 / TASKS);
    return out[TASKS] == TASKS + 1 ? 0 : 1;
}
