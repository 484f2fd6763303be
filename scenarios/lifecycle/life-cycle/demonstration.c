/* SPDX-License-Identifier: MIT */
/*
 * Created, started, ended, joined: what is known of a thread in each part of its life.
 *
 * It has a name from the beginning, a number of the kernel from its start (which is not shown: it
 * is another one each time), an exit code from its end. It is alive between start and end, also as
 * long as it has not run yet.
 */
#include "common.h"

static const char *yes_or_no(bool answer)
{
    return answer ? "yes" : "no";
}

static void show(const char *when, const struct ilv_thread *thread)
{
    int code = 0;
    bool has_code = ilv_thread_exit_code(thread, &code) == 0;
    printf("%-8s name %s, daemon %s, ident %s, alive %s, exit code %s", when,
           ilv_thread_name(thread), yes_or_no(ilv_thread_daemon(thread)),
           ilv_thread_ident(thread) != 0 ? "known" : "none", yes_or_no(ilv_thread_alive(thread)),
           has_code ? "" : "none");
    printf(has_code ? "%d\n" : "\n", code);
}

static void show_all(void)
{
    struct ilv_thread *all[4];
    size_t count = ilv_thread_enumerate(all, 4);
    printf("%zu alive:", count);
    for (size_t i = 0; i < count; i++)
        printf(" %s", ilv_thread_name(all[i]));
    printf("\n");
}

int main(void)
{
    const struct ilv_thread_options named = {.name = "smith"};
    struct ilv_thread *smith, *unnamed;
    scenario_must(ilv_thread_create(&smith, &named, live, NULL), "ilv_thread_create");
    show("created:", smith);
    scenario_must(ilv_thread_start(smith), "ilv_thread_start");
    unnamed = scenario_run(live, NULL);
    show("started:", smith);
    show_all();
    ilv_event_set(&go_on);
    scenario_must(ilv_thread_join(smith), "ilv_thread_join");
    show("joined:", smith);
    scenario_must(ilv_thread_free(smith), "ilv_thread_free");
    scenario_end(unnamed);
    show_all();
    return 0;
}
