/* SPDX-License-Identifier: MIT */
/*
 * What is refused in each part of a thread's life, and how that is said. Nothing is done by a call
 * that is refused.
 */
#include "common.h"

static struct ilv_thread *thread;

static void say(const char *what, int error)
{
    printf("%-32s %s\n", what, error == 0 ? "done" : strerror(error));
}

static void before_the_start(void)
{
    int code;
    say("join before the start:", ilv_thread_join(thread));
    say("exit code before the start:", ilv_thread_exit_code(thread, &code));
}

static void while_it_runs(void)
{
    int code;
    say("start once more:", ilv_thread_start(thread));
    say("exit code while it runs:", ilv_thread_exit_code(thread, &code));
    say("free while it runs:", ilv_thread_free(thread));
}

static void after_its_end(void)
{
    int code = 0;
    say("start after its end:", ilv_thread_start(thread));
    say("join once more:", ilv_thread_join(thread));
    say("exit code:", ilv_thread_exit_code(thread, &code));
    scenario_check(code == EXIT_CODE, "the exit code is what its function gave");
    say("free:", ilv_thread_free(thread));
}

int main(void)
{
    char long_name[100] = {0};
    memset(long_name, 'x', sizeof long_name - 1);
    const struct ilv_thread_options options = {.name = long_name};
    say("a name of 99 letters:", ilv_thread_create(&thread, &options, live, NULL));
    say("nothing to run:", ilv_thread_create(&thread, NULL, NULL, NULL));
    say("create:", ilv_thread_create(&thread, NULL, live, NULL));
    before_the_start();
    say("start:", ilv_thread_start(thread));
    while_it_runs();
    ilv_event_set(&go_on);
    say("join:", ilv_thread_join(thread));
    after_its_end();
    say("free the main thread:", ilv_thread_free(ilv_thread_current()));
    return 0;
}
