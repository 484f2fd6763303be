/* SPDX-License-Identifier: MIT */
/*
 * A replay under gdb. gdb starts the program itself (a debugger may always trace its children,
 * other processes only with luck), so the command to run lies in the pipe before anyone reads it.
 * gdb follows the fork of the run and stops where the runtime ends a run: then every task stands
 * at the operation it was about to do, one of them at the one that failed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "vec.h"

#define WORDS_MOST 64

/* The command line of gdb, cut when it is full. */
struct words {
    char *word[WORDS_MOST + 2];
    int count;
};

static void add(struct words *words, const char *word)
{
    if (words->count < WORDS_MOST)
        words->word[words->count++] = ilv_copy_text(word);
}

static void add_command(struct words *words, const char *command)
{
    add(words, "-ex");
    add(words, command);
}

/* gdb itself must not run in the sandbox: the program's variables are set by a command. */
static void add_variable(struct words *words, const char *entry)
{
    char *command;
    size_t name = strcspn(entry, "=");
    if (asprintf(&command, "set environment %.*s %s", (int)name, entry, entry + name + 1) < 0)
        abort();
    add_command(words, command);
    free(command);
}

static bool is_ours(const char *entry)
{
    static const char *const names[] = {ILV_CONTROL_VARIABLE "=", "LD_PRELOAD=", "LD_BIND_NOW="};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strncmp(entry, names[i], strlen(names[i])))
            return true;
    }
    return false;
}

void ilv__exec_debugger(const struct ilv__server *server, char **environment)
{
    static const char *const commands[] = {
        "set confirm off",
        "set startup-with-shell off",
        "set breakpoint pending on",
        "set follow-fork-mode child",
        "handle SIGSYS nostop noprint pass",
        "break ilv__end_run",
    };
    struct words words = {0};
    add(&words, "gdb");
    add(&words, "-q");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        add_command(&words, commands[i]);
    for (char **entry = environment; *entry; entry++) {
        if (is_ours(*entry))
            add_variable(&words, *entry);
    }
    add_command(&words, "run");
    add_command(&words, "echo stopped at the failing step; the tasks are the threads:\\n");
    add_command(&words, "info threads");
    add(&words, "--args");
    add(&words, server->target->path);
    for (char *const *argument = server->world->argv + 1; *argument; argument++)
        add(&words, *argument);
    execvp("gdb", words.word);
}

/* Starts gdb and waits for its end. */
static int debug_in(const struct ilv_schedule *schedule, const struct ilv_world *world,
                    const struct ilv_setup *setup, const struct ilv_target *target, char *error,
                    size_t size)
{
    struct ilv__server server = {.world = world, .setup = setup, .target = target};
    server.command = server.answer = server.output = -1;
    server.debugged = true;
    int failed =
        ilv__spawn(&server, world->start_symbol ? ILV_START_SYMBOL : ILV_START_MAIN, error, size);
    if (!failed) {
        ilv__plan_of_schedule(schedule, world, server.block);
        ilv__server_run(&server, 1);
        while (waitpid(server.pid, NULL, 0) < 0 && errno == EINTR)
            ;
        server.pid = 0;
    }
    ilv__server_stop(&server);
    return failed;
}

int ilv_debug(const struct ilv_schedule *schedule, const char *name, const struct ilv_setup *setup,
              char *error, size_t size)
{
    struct ilv_world world;
    struct ilv_target target;
    struct ilv__oracle first;
    struct ilv__reaper reaper;
    int failed = ilv__world_of_schedule(schedule, &world, &first, error, size);
    if (failed)
        return failed;
    world.backend = ILV_BACKEND_BATON;
    failed = ilv__replay_target(schedule, name, &world, &target, error, size);
    if (!failed) {
        ilv__reaper_begin(&reaper);
        failed = debug_in(schedule, &world, setup, &target, error, size);
        ilv__reaper_end(&reaper);
    }
    free((void *)(uintptr_t)world.argv);
    return failed;
}
