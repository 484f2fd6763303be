/* SPDX-License-Identifier: MIT */
#include "actors.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"

#define LOOKS 20

const struct timespec long_ago = {.tv_sec = 0, .tv_nsec = 1};
const struct timespec far_away = {.tv_sec = 1L << 40, .tv_nsec = 0};
const struct timespec impossible[3] = {{.tv_sec = -1, .tv_nsec = 0},
                                       {.tv_sec = 1, .tv_nsec = -1},
                                       {.tv_sec = 1, .tv_nsec = 1000000000}};

struct actor_start {
    int (*function)(void *argument);
    void *argument;
    uint32_t tid;
};

void *share(size_t size)
{
    int whose = ACTORS_ARE_PROCESSES ? MAP_SHARED : MAP_PRIVATE;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, whose | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

#if __has_include(<valgrind/drd.h>) && __has_include(<valgrind/helgrind.h>)
#include <valgrind/drd.h>
#include <valgrind/helgrind.h>
#define VALGRIND_IS_TOLD(helgrind, drd, word)                                              \
    do {                                                                                   \
        VALGRIND_HG_DISABLE_CHECKING(word, sizeof *(word));                                \
        DRD_IGNORE_VAR(*(word));                                                           \
        VALGRIND_DO_CLIENT_REQUEST_STMT(_VG_USERREQ__HG_##helgrind, word, 0, 0, 0, 0);     \
        VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_##drd, word, 0, 0, 0, 0); \
    } while (0)
#else
#define VALGRIND_IS_TOLD(helgrind, drd, word) (void)0
#endif

void tell(uint32_t *word, uint32_t value)
{
    VALGRIND_IS_TOLD(USERSO_SEND_PRE, HAPPENS_BEFORE, word);
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

uint32_t told(const uint32_t *word)
{
    uint32_t value = __atomic_load_n(word, __ATOMIC_ACQUIRE);
    VALGRIND_IS_TOLD(USERSO_RECV_POST, HAPPENS_AFTER, word);
    return value;
}

void await(const uint32_t *word, uint32_t value)
{
    while (told(word) != value)
        sched_yield();
}

static void *thread_entry(void *argument)
{
    struct actor_start *how = argument;
    tell(&how->tid, (uint32_t)gettid());
    return (void *)(intptr_t)how->function(how->argument);
}

struct actor start(int (*function)(void *argument), void *argument)
{
    struct actor actor = {.start = share(sizeof *actor.start), .thread = 0, .pid = 0};
    *actor.start = (struct actor_start){.function = function, .argument = argument, .tid = 0};
    if (!ACTORS_ARE_PROCESSES) {
        if (pthread_create(&actor.thread, NULL, thread_entry, actor.start) != 0)
            abort();
        return actor;
    }
    fflush(NULL);
    actor.pid = fork();
    if (actor.pid == 0) {
        tell(&actor.start->tid, (uint32_t)gettid());
        _exit(function(argument));
    }
    return actor;
}

int end_of(struct actor *actor)
{
    int status = 0;
    void *result = NULL;
    if (!ACTORS_ARE_PROCESSES) {
        pthread_join(actor->thread, &result);
        return (int)(intptr_t)result;
    }
    while (waitpid(actor->pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1000;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int state_of(uint32_t tid)
{
    char path[64];
    char text[512];
    snprintf(path, sizeof path, "/proc/%u/stat", tid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return '?';
    char *line = fgets(text, sizeof text, file);
    fclose(file);
    char *end = line != NULL ? strrchr(line, ')') : NULL;
    return end != NULL ? end[2] : '?';
}

void await_sleep(const struct actor *actor)
{
    uint32_t tid;
    while ((tid = told(&actor->start->tid)) == 0)
        sched_yield();
    for (int asleep = 0; asleep < LOOKS;) {
        sched_yield();
        asleep = state_of(tid) == 'S' ? asleep + 1 : 0;
    }
}

void only_for_processes(void)
{
    if (!ACTORS_ARE_PROCESSES)
        ilv_test_skip("a thread cannot be killed alone");
}

void kill_it(struct actor *actor)
{
    only_for_processes();
    kill(actor->pid, SIGKILL);
    siginfo_t info;
    while (waitid(P_PID, (id_t)actor->pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        continue;
}
