/* SPDX-License-Identifier: MIT */
/*
 * What cannot be joined: oneself, the main thread, what was never started. And what can be joined
 * although one might doubt it: what has ended, and what was joined before.
 *
 * A join of oneself would wait for ever, alone; each of these answers at once instead.
 */
#include <ilv/event.h>
#include <ilv/thread.h>

#include "scenario_ilv.h"

static struct ilv_thread *narcissus;
static struct ilv_event started = ILV_EVENT_INIT;

static void say(const char *what, int error)
{
    printf("%-26s %s\n", what, error == 0 ? "joined" : strerror(error));
}

static struct ilv_thread *main_thread(void)
{
    struct ilv_thread *first;
    return ilv_thread_enumerate(&first, 1) > 0 ? first : NULL;
}

static int join_oneself(void *unused)
{
    (void)unused;
    ilv_event_wait(&started);
    say("oneself:", ilv_thread_join(narcissus));
    say("the main thread:", ilv_thread_join(main_thread()));
    return 0;
}

int main(void)
{
    scenario_must(ilv_thread_create(&narcissus, NULL, join_oneself, NULL), "ilv_thread_create");
    say("one that is not started:", ilv_thread_join(narcissus));
    scenario_must(ilv_thread_start(narcissus), "ilv_thread_start");
    say("one that runs, by trying:", ilv_thread_try_join(narcissus));
    ilv_event_set(&started);
    say("one that runs, by waiting:", ilv_thread_join(narcissus));
    say("once more:", ilv_thread_join(narcissus));
    say("nobody:", ilv_thread_join(NULL));
    scenario_must(ilv_thread_free(narcissus), "ilv_thread_free");
    return 0;
}
