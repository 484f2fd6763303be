/* SPDX-License-Identifier: MIT */
/*
 * The life of a server: it is spawned, comes to its start and answers READY (or asks to be
 * started again, to stop before its constructors); then batches, until the pipe is closed or it
 * is killed.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

#define TICK_MS 50

static int say(char *error, size_t size, const struct ilv__server *server, int failed,
               const char *what, const char *advice)
{
    snprintf(error, size, "%s: %s%s%s", server->world->argv[0], what, *advice ? "; " : "", advice);
    return failed;
}

static bool interrupted(const struct ilv__server *server)
{
    return server->setup->interrupted && *server->setup->interrupted;
}

/* The answer when one is there, 0 at the end of a tick without one, -EPIPE at the end of file. */
static int answer_read(struct ilv__server *server, int timeout, struct ilv_answer *answer)
{
    struct pollfd p = {.fd = server->answer, .events = POLLIN};
    int n = poll(&p, 1, timeout);
    if (n <= 0)
        return 0;
    ssize_t got = read(server->answer, answer, sizeof *answer);
    if (got < 0 && errno == EINTR)
        return 0;
    return got == (ssize_t)sizeof *answer ? 1 : -EPIPE;
}

/* The first line that the program itself wrote, for the message. */
static void first_line(const struct ilv__server *server, char *line, size_t size)
{
    ssize_t n = pread(server->output, line, size - 1, 0);
    line[n > 0 ? n : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
}

/* The program ended and has not answered. */
static int say_ended(struct ilv__server *server, char *error, size_t size)
{
    char line[256], how[64] = "";
    int status = 0;
    if (waitpid(server->pid, &status, 0) == server->pid) {
        kill(-server->pid, SIGKILL);
        server->pid = 0;
    }
    if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "killed by signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "exit status %d", WEXITSTATUS(status));
    first_line(server, line, sizeof line);
    snprintf(error, size,
             "%s: ended before the sandbox could begin (%s)%s%s; does it run by itself?",
             server->world->argv[0], how, *line ? ": " : "", line);
    return -ENOEXEC;
}

static const char *start_name(const struct ilv_world *world)
{
    return world->start_symbol ? world->start_symbol : "main";
}

static int say_early(struct ilv__server *server, char *error, size_t size)
{
    char what[256];
    snprintf(what, sizeof what, "ended before %s was reached", start_name(server->world));
    return say(error, size, server, -ENOEXEC, what,
               server->world->start_symbol ? "name a function that the program calls"
                                           : "there is nothing to hunt in");
}

static int say_no_symbol(struct ilv__server *server, char *error, size_t size)
{
    char what[256];
    snprintf(what, sizeof what, "has no function %s", start_name(server->world));
    return say(error, size, server, -ENOEXEC, what,
               "name one that stands in its symbol table (it may be stripped)");
}

/* Waits for READY. 0, 1 to start again with the start at the constructors, or -errno. */
static int ready_wait(struct ilv__server *server, char *error, size_t size)
{
    struct ilv_answer answer = {0};
    struct ilv_setup slow = *server->setup;
    slow.spin_seconds = slow.blocked_seconds = slow.start_seconds > 0 ? slow.start_seconds : 30;
    struct ilv_progress none = {0};
    while (true) {
        int got = answer_read(server, TICK_MS, &answer);
        if (interrupted(server))
            return say(error, size, server, -EINTR, "interrupted before the first run", "");
        if (got < 0)
            return say_ended(server, error, size);
        if (got > 0)
            break;
        if (ilv__watch_look(&server->watch, &none, server->pid, &slow)) {
            char what[256];
            snprintf(what, sizeof what, "does not come to %s", start_name(server->world));
            return say(error, size, server, -ENOEXEC, what, "does it run by itself?");
        }
    }
    if (answer.what == ILV_ANSWER_EARLY_END)
        return say_early(server, error, size);
    if (answer.what == ILV_ANSWER_RESTART)
        return 1;
    if (answer.what == ILV_ANSWER_NO_SYMBOL)
        return say_no_symbol(server, error, size);
    if (answer.what == ILV_ANSWER_THREADS)
        return say(error, size, server, -ENOEXEC, "has threads already where the runs are to begin",
                   "use --backend fiber, or begin earlier");
    if (answer.what == ILV_ANSWER_LIBRARY)
        return say(error, size, server, -ENOEXEC,
                   "a library starts threads before the program begins",
                   "begin later, with --start-at main or another function");
    if (answer.what != ILV_ANSWER_READY)
        return say(error, size, server, -ENOEXEC, "the runtime in it speaks another language",
                   "use the library that belongs to this command");
    return 0;
}

static int start_once(struct ilv__server *server, enum ilv_start start, char *error, size_t size)
{
    server->pid = 0;
    server->block = NULL;
    server->command = server->answer = server->output = -1;
    server->directory[0] = '\0';
    ilv__watch_reset(&server->watch);
    int failed = ilv__spawn(server, start, error, size);
    return failed ? failed : ready_wait(server, error, size);
}

int ilv__server_start(struct ilv__server *server, const struct ilv_world *world,
                      const struct ilv_setup *setup, const struct ilv_target *target, uint32_t cpu,
                      char *error, size_t size)
{
    *server = (struct ilv__server){.world = world, .setup = setup, .target = target, .cpu = cpu};
    int result =
        start_once(server, world->start_symbol ? ILV_START_SYMBOL : ILV_START_MAIN, error, size);
    if (result == 1) {
        ilv__server_stop(server);
        result = start_once(server, ILV_START_CONSTRUCTORS, error, size);
        if (result == 1)
            result = say(error, size, server, -ENOEXEC, "makes threads before it can be stopped",
                         "use --start-at SYMBOL");
    }
    if (!result)
        result = ilv__points_fill(world, server->block, error, size);
    if (result)
        ilv__server_stop(server);
    return result;
}

/* --- running */

int ilv__server_run(struct ilv__server *server, uint32_t count)
{
    struct ilv_command command = {ILV_COMMAND_RUN, count};
    server->block->batch_count = count;
    server->block->progress.stop = 0;
    server->killed = ILV_RUNAWAY_NONE;
    ilv__watch_reset(&server->watch);
    ssize_t n;
    while ((n = write(server->command, &command, sizeof command)) < 0 && errno == EINTR)
        ;
    return n == (ssize_t)sizeof command ? 0 : -EPIPE;
}

void ilv__server_watch(struct ilv__server *server)
{
    struct ilv_progress *progress = &server->block->progress;
    struct ilv_setup setup = *server->setup;
    if (setup.spin_seconds <= 0)
        setup.spin_seconds = server->world->spin_seconds;
    enum ilv_runaway what = ilv__watch_look(&server->watch, progress, server->pid, &setup);
    if (what == ILV_RUNAWAY_NONE)
        return;
    pid_t pid = server->watch.pid;
    server->killed = what;
    server->killed_run = server->watch.run;
    ilv__watch_sentence(what, server->block, pid, server->killed_text, sizeof server->killed_text);
    __atomic_store_n(&progress->runaway, (uint32_t)what, __ATOMIC_RELEASE);
    kill(pid, SIGKILL);
    ilv__watch_reset(&server->watch);
}

int ilv__server_answer(struct ilv__server *server)
{
    struct ilv_answer answer;
    int got = answer_read(server, 0, &answer);
    if (got <= 0 || answer.what != ILV_ANSWER_DONE || answer.value > server->block->batch_count ||
        answer.value > ILV_MAX_BATCH)
        return -EPIPE;
    return (int)answer.value;
}

int ilv__server_wait(struct ilv__server *server)
{
    struct pollfd p = {.fd = server->answer, .events = POLLIN};
    while (poll(&p, 1, TICK_MS) <= 0) {
        if (interrupted(server))
            return -EINTR;
        ilv__server_watch(server);
    }
    return ilv__server_answer(server);
}

void ilv__server_stop(struct ilv__server *server)
{
    ilv__close(&server->command);
    ilv__close(&server->answer);
    ilv__close(&server->output);
    if (server->pid > 0) {
        kill(-server->pid, SIGKILL);
        kill(server->pid, SIGKILL);
        while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        server->pid = 0;
    }
    if (server->block)
        munmap(server->block, sizeof *server->block);
    server->block = NULL;
    if (server->directory[0])
        ilv__remove_tree(server->directory);
    server->directory[0] = '\0';
}
