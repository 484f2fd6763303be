/* SPDX-License-Identifier: MIT */
#include "deaths.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"

#define VIEW ((size_t)16 << 20) /* more than any stage has */

/* After the nth time that the instruction pointer is `rip`, counted from the child's first stop. */
struct place {
    uint64_t rip;
    size_t nth;
};

struct places {
    struct place *place;
    size_t count;
};

struct trail {
    uint64_t *rip;
    size_t count;
    size_t room;
};

struct copy {
    char *bytes;
    size_t size;
};

static void fatal(const char *what)
{
    fprintf(stderr, "deaths: %s: %s\n", what, strerror(errno));
    abort();
}

/* Waits for a change of the child: true if it stopped, false if it ended. */
static bool stopped(pid_t child, int *signal)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fatal("waitpid");
    *signal = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
    return WIFSTOPPED(status);
}

/* The child ends at once: what sanitizers do at an exit is long, and would be stepped through. */
static pid_t start_child(const struct operation *operation)
{
    int signal;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(77);
        raise(SIGSTOP);
        operation->run();
        syscall(SYS_exit_group, 0);
    }
    if (child < 0 || !stopped(child, &signal))
        ilv_test_skip("no child can be traced here");
    return child;
}

static uint64_t rip_of(pid_t child)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0)
        fatal("PTRACE_GETREGS");
    return registers.rip;
}

static void *grown(void *memory, size_t count, size_t *room, size_t each)
{
    if (count < *room)
        return memory;
    *room = *room == 0 ? 1024 : *room * 2;
    memory = realloc(memory, *room * each);
    if (memory == NULL)
        fatal("realloc");
    return memory;
}

static size_t file_size(const struct ilv_arena *arena)
{
    struct stat file;
    if (fstat(ilv_arena_descriptor(arena), &file) != 0)
        fatal("fstat");
    return (size_t)file.st_size;
}

/* True if the file is not what the copy is, which becomes what the file is. */
static bool differs(const struct ilv_arena *arena, const char *base, struct copy *copy)
{
    size_t size = file_size(arena);
    if (copy->bytes != NULL && size == copy->size && memcmp(copy->bytes, base, size) == 0)
        return false;
    copy->bytes = realloc(copy->bytes, size);
    if (copy->bytes == NULL)
        fatal("realloc");
    memcpy(copy->bytes, base, size);
    copy->size = size;
    return true;
}

static size_t times_seen(const struct trail *trail, uint64_t rip)
{
    size_t times = 0;
    for (size_t i = 0; i < trail->count; i++)
        times += trail->rip[i] == rip;
    return times;
}

/* A view of the file that takes no lock, as the arena's own functions would: that repairs. */
static const char *view_of(const struct ilv_arena *arena)
{
    void *base = mmap(NULL, VIEW, PROT_READ, MAP_SHARED, ilv_arena_descriptor(arena), 0);
    if (base == MAP_FAILED)
        fatal("mmap");
    return base;
}

/* Steps through the child to its end and notes after which steps the arena has changed. */
static struct places find_places(pid_t child, const struct ilv_arena *arena)
{
    struct places places = {NULL, 0};
    struct trail trail = {NULL, 0, 0};
    struct copy copy = {NULL, 0};
    size_t room = 0;
    int signal;
    const char *base = view_of(arena);
    differs(arena, base, &copy);
    while (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0 && stopped(child, &signal)) {
        uint64_t rip = rip_of(child);
        trail.rip = grown(trail.rip, trail.count, &trail.room, sizeof *trail.rip);
        trail.rip[trail.count++] = rip;
        if (differs(arena, base, &copy)) {
            places.place = grown(places.place, places.count, &room, sizeof *places.place);
            places.place[places.count++] = (struct place){rip, times_seen(&trail, rip)};
        }
    }
    munmap((void *)(uintptr_t)base, VIEW);
    free(trail.rip);
    free(copy.bytes);
    return places;
}

static void poke(pid_t child, uint64_t address, long word)
{
    if (ptrace(PTRACE_POKETEXT, child, (void *)(uintptr_t)address, (void *)(uintptr_t)word) != 0)
        fatal("PTRACE_POKETEXT");
}

/* From a stop behind the trap back to before it. */
static void set_rip(pid_t child, uint64_t rip)
{
    struct user_regs_struct registers;
    ptrace(PTRACE_GETREGS, child, NULL, &registers);
    registers.rip = rip;
    ptrace(PTRACE_SETREGS, child, NULL, &registers);
}

/* Runs the child until it is at the place for the nth time; false if it ended before. */
static bool run_to(pid_t child, struct place place)
{
    int signal;
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, child, (void *)(uintptr_t)place.rip, NULL);
    if (errno != 0)
        fatal("PTRACE_PEEKTEXT");
    long trap = (long)(((uint64_t)word & ~0xffULL) | 0xcc);
    for (size_t n = 0;; n++) {
        poke(child, place.rip, trap);
        ptrace(PTRACE_CONT, child, NULL, NULL);
        if (!stopped(child, &signal))
            return false;
        poke(child, place.rip, word);
        set_rip(child, place.rip);
        if (n + 1 == place.nth)
            return true;
        ptrace(PTRACE_SINGLESTEP, child, NULL, NULL);
        if (!stopped(child, &signal))
            return false;
    }
}

static bool die_at(const struct operation *operation, struct place place)
{
    int signal;
    pid_t child = start_child(operation);
    bool there = run_to(child, place);
    if (there) {
        kill(child, SIGKILL);
        while (stopped(child, &signal))
            continue;
    }
    return there;
}

static struct places places_of(const struct operation *operation, const struct ilv_arena *arena)
{
    return find_places(start_child(operation), arena);
}

/* Once here, so that what a process does only the first time is done when places are counted. */
static void rehearse(const struct operation *operation)
{
    operation->prepare();
    operation->run();
    operation->verify(operation, "all of it, in one process");
}

void kill_everywhere(const struct operation *operation)
{
    char after[128] = "all of it";
    rehearse(operation);
    struct places places = places_of(operation, operation->prepare());
    bool well = ILV_CHECK(places.count > 0) && operation->verify(operation, after);
    for (size_t i = 0; i < places.count && well; i++) {
        snprintf(after, sizeof after, "store %zu of %zu", i + 1, places.count);
        operation->prepare();
        well = ILV_CHECK(die_at(operation, places.place[i])) && operation->verify(operation, after);
    }
    free(places.place);
}

/* The places of who comes after a death at `first`. */
static struct places second_places(const struct operation *operation, struct place first)
{
    struct ilv_arena *arena = operation->prepare();
    ILV_CHECK(die_at(operation, first));
    struct places places = places_of(operation, arena);
    operation->verify(operation, "a death and all of it again");
    return places;
}

static bool kill_again(const struct operation *operation, struct place first, size_t number)
{
    char after[128];
    bool well = true;
    struct places places = second_places(operation, first);
    for (size_t i = 0; i < places.count && well; i++) {
        snprintf(after, sizeof after, "store %zu, then %zu of %zu", number, i + 1, places.count);
        operation->prepare();
        well = ILV_CHECK(die_at(operation, first)) &&
               ILV_CHECK(die_at(operation, places.place[i])) && operation->verify(operation, after);
    }
    free(places.place);
    return well;
}

void kill_twice(const struct operation *operation, unsigned stride)
{
    rehearse(operation);
    struct places places = places_of(operation, operation->prepare());
    bool well = ILV_CHECK(places.count > 0) && operation->verify(operation, "all of it");
    for (size_t i = stride / 2; i < places.count && well; i += stride)
        well = kill_again(operation, places.place[i], i + 1);
    free(places.place);
}
