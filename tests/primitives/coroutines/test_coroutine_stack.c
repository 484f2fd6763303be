/* SPDX-License-Identifier: MIT */
/* What coroutine.h promises of stacks, of what is a coroutine's own, of threads and of forks. */
#include <errno.h>
#include <execinfo.h>
#include <fenv.h>
#include <ilv/coroutine.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

/* For threads, in which checks do not count: a coroutine that has begun, or NULL. */
static struct ilv_coroutine *begun(ilv_coroutine_function *function, void *argument)
{
    struct ilv_coroutine *made = NULL;
    if (ilv_coroutine_create(&made, NULL, function, argument) == 0 &&
        ilv_coroutine_send(made, NULL, NULL) == 0)
        return made;
    return NULL;
}

static struct ilv_coroutine *make(ilv_coroutine_function *function, void *argument)
{
    struct ilv_coroutine *made = NULL;
    ILV_CHECK_INT(ilv_coroutine_create(&made, NULL, function, argument), 0);
    return made;
}

static void end(struct ilv_coroutine *coroutine)
{
    ILV_CHECK_INT(ilv_coroutine_close(coroutine), 0);
    ILV_CHECK_INT(ilv_coroutine_free(coroutine), 0);
}

static void resume(struct ilv_coroutine *coroutine, int expected)
{
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, NULL), expected);
}

/* Mappings of one page that cannot be touched: one below each stack, and few others. */
static int guards(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[256];
    int count = 0;
    if (maps == NULL)
        return -1;
    while (fgets(line, sizeof line, maps) != NULL) {
        char *at = line;
        unsigned long low = strtoul(at, &at, 16);
        unsigned long high = strtoul(at + 1, &at, 16);
        count += strncmp(at, " ---p", 5) == 0 && high - low == (unsigned long)getpagesize();
    }
    fclose(maps);
    return count;
}

/* What is its own. */

static void *sets_errno(void *argument, void *sent)
{
    bool *kept = argument;
    kept[0] = errno == 0;
    errno = ENOENT;
    ilv_coroutine_yield(NULL, NULL);
    kept[1] = errno == ENOENT;
    return sent;
}

static void errno_is_each_ones_own(void)
{
    bool kept[2] = {false, false};
    errno = ERANGE;
    struct ilv_coroutine *coroutine = make(sets_errno, kept);
    resume(coroutine, 0);
    ILV_CHECK_INT(errno, ERANGE);
    errno = EDOM;
    resume(coroutine, ENODATA);
    ILV_CHECK_INT(errno, EDOM);
    ILV_CHECK(kept[0] && kept[1]);
    end(coroutine);
}

/* Both units: SSE adds doubles, and fegetround() asks the x87. */
static bool rounds_up(void)
{
    volatile double one = 1.0;
    bool up = one + 1e-30 > 1.0;
    return up == (fegetround() == FE_UPWARD) && up;
}

static void *changes_rounding(void *argument, void *sent)
{
    bool *up = argument;
    up[0] = rounds_up();
    fesetround(FE_TONEAREST);
    ilv_coroutine_yield(NULL, NULL);
    up[1] = rounds_up();
    return sent;
}

static void rounding_is_each_ones_own(void)
{
    bool up[2] = {false, true};
    if (RUNNING_ON_VALGRIND)
        ilv_test_skip("valgrind rounds to the nearest, whatever it is told");
    fesetround(FE_UPWARD);
    struct ilv_coroutine *coroutine = make(changes_rounding, up);
    resume(coroutine, 0);
    ILV_CHECK(rounds_up());
    resume(coroutine, ENODATA);
    ILV_CHECK(rounds_up());
    fesetround(FE_TONEAREST);
    ILV_CHECK(up[0] && !up[1]);
    end(coroutine);
}

/* More numbers than there are registers, all alive across the yields. */
static uint64_t mix(uint64_t seed)
{
    uint64_t a = seed * 3, b = a ^ 5, c = b * 7, d = c ^ 11, e = d * 13, f = e ^ 17, g = f * 19,
             h = g ^ 23;
    double x = (double)(seed % 97), y = x * 1.5;
    for (int i = 0; i < 5; i++) {
        ilv_coroutine_yield(NULL, NULL);
        a += b;
        b ^= c;
        c += d;
        d ^= e;
        e += f;
        f ^= g;
        g += h;
        h ^= a;
        x += y;
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ (uint64_t)x;
}

static void *mixes(void *argument, void *sent)
{
    uint64_t *number = argument;
    (void)sent;
    *number = mix(*number);
    return NULL;
}

static void what_lies_in_registers_stays(void)
{
    uint64_t number[3] = {1, 2, 3};
    struct ilv_coroutine *coroutine[3];
    for (int i = 0; i < 3; i++)
        coroutine[i] = make(mixes, &number[i]);
    for (int round = 0; round <= 5; round++)
        for (int i = 0; i < 3; i++)
            resume(coroutine[i], round < 5 ? 0 : ENODATA);
    for (uint64_t i = 0; i < 3; i++) {
        ILV_CHECK_U64(number[i], mix(i + 1)); /* where yields are refused, and nobody else runs */
        end(coroutine[i]);
    }
}

/* Stacks. */

static void *frame_of_mine(void *argument, void *sent)
{
    (void)sent;
    *(uintptr_t *)argument = (uintptr_t)__builtin_frame_address(0);
    return NULL;
}

static void frames_are_aligned(void)
{
    uintptr_t frame = 1;
    struct ilv_coroutine *coroutine = make(frame_of_mine, &frame);
    resume(coroutine, ENODATA);
    ILV_CHECK_U64(frame % 16, 0);
    end(coroutine);
}

static void a_stack_is_used_again(void)
{
    uintptr_t frame[3] = {1, 2, 3};
    struct ilv_coroutine_options larger = {.stack_size = 2L * ILV_COROUTINE_STACK};
    struct ilv_coroutine *other = NULL;
    for (int i = 0; i < 2; i++) {
        struct ilv_coroutine *coroutine = make(frame_of_mine, &frame[i]);
        resume(coroutine, ENODATA);
        end(coroutine);
    }
    ILV_CHECK_INT(ilv_coroutine_create(&other, &larger, frame_of_mine, &frame[2]), 0);
    resume(other, ENODATA);
    end(other);
    ILV_CHECK_U64(frame[0], frame[1]);
    ILV_CHECK(frame[2] != frame[0]);
}

/* Goes down until the stack has so many bytes in use. */
static size_t descend(uintptr_t top, size_t bytes)
{
    volatile char frame[512];
    memset((char *)(uintptr_t)frame, 1, sizeof frame);
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return (top - here < bytes ? descend(top, bytes) : 0) + (size_t)frame[1];
}

static void *uses(void *argument, void *sent)
{
    size_t deep = descend((uintptr_t)__builtin_frame_address(0), *(size_t *)argument);
    *(size_t *)argument = deep;
    return sent;
}

/* How a process ends whose coroutine uses so much of the smallest stack. */
static int end_after_use_of(size_t bytes)
{
    struct ilv_coroutine_options small = {.stack_size = ILV_COROUTINE_STACK_MIN};
    struct ilv_coroutine *coroutine = NULL;
    int ended = -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL);
        ilv_coroutine_create(&coroutine, &small, uses, &bytes);
        _exit(ilv_coroutine_send(coroutine, NULL, NULL) == ENODATA ? 0 : 9);
    }
    ILV_CHECK_INT(waitpid(pid, &ended, 0), pid);
    return ended;
}

static void running_over_the_stack_ends_the_program(void)
{
    ILV_CHECK_INT(end_after_use_of(ILV_COROUTINE_STACK_MIN / 2), 0);
    int ended = end_after_use_of(2 * (size_t)ILV_COROUTINE_STACK_MIN);
    ILV_CHECK(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGSEGV);
}

static void *stays(void *argument, void *sent)
{
    ilv_coroutine_yield(NULL, NULL);
    *(int *)argument += 1;
    return sent;
}

static void many_come_and_go_without_leaving_anything(void)
{
    enum { MANY = 500, ROUNDS = 4 };
    static struct ilv_coroutine *coroutine[MANY];
    int unwound = 0;
    int before = guards();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < MANY; i++) {
            coroutine[i] = make(stays, &unwound);
            resume(coroutine[i], 0);
        }
        ILV_CHECK(guards() >= before + MANY);
        for (int i = 0; i < MANY; i++)
            end(coroutine[i]);
    }
    ILV_CHECK_INT(unwound / ROUNDS, MANY);
    ILV_CHECK(guards() <= before + 64);
}

static __attribute__((noinline)) int depth_of_trace(int more)
{
    void *address[64];
    volatile int depth =
        more > 0 ? depth_of_trace(more - 1) : backtrace(address, sizeof address / sizeof *address);
    return depth;
}

static void *traces(void *argument, void *sent)
{
    int *depth = argument;
    (void)sent;
    depth[0] = depth_of_trace(0);
    depth[1] = depth_of_trace(5);
    return NULL;
}

static void backtraces_end_where_it_begins(void)
{
    int depth[2] = {0, 0};
    struct ilv_coroutine *coroutine = make(traces, depth);
    resume(coroutine, ENODATA);
    ILV_CHECK(depth[0] >= 3 && depth[0] < 10);
    ILV_CHECK_INT(depth[1], depth[0] + 5);
    end(coroutine);
}

static void *exits(void *argument, void *sent)
{
    (void)sent;
    exit(*(int *)argument);
}

static void a_program_may_end_in_one(void)
{
    struct ilv_coroutine *coroutine = NULL;
    int code = 3;
    int status = -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        ilv_coroutine_create(&coroutine, NULL, exits, &code);
        ilv_coroutine_send(coroutine, NULL, NULL);
        _exit(9);
    }
    ILV_CHECK_INT(waitpid(pid, &status, 0), pid);
    ILV_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
}

/* Threads and forks. */

static char letter_a[] = "a", letter_b[] = "b", letter_c[] = "c", letter_m[] = "m";
static char ended[8];
static size_t ended_count;

static void *notes_its_end(void *argument, void *sent)
{
    ilv_coroutine_yield(NULL, NULL);
    ended[ended_count++] = *(const char *)argument;
    return sent;
}

static void *leaves_some(void *argument)
{
    struct ilv_coroutine **left = argument;
    left[0] = begun(notes_its_end, letter_a);
    ilv_coroutine_create(&left[1], NULL, notes_its_end, letter_b);
    left[2] = begun(notes_its_end, letter_c);
    return NULL;
}

static void a_thread_that_ends_closes_its_own(void)
{
    struct ilv_coroutine *left[3];
    struct ilv_coroutine *mine = make(notes_its_end, letter_m);
    pthread_t thread;
    resume(mine, 0);
    ILV_CHECK_INT(pthread_create(&thread, NULL, leaves_some, left), 0);
    ILV_CHECK_INT(pthread_join(thread, NULL), 0);
    ILV_CHECK_STR(ended, "ac");
    for (int i = 0; i < 3; i++) {
        ILV_CHECK_INT((int)ilv_coroutine_state(left[i]), ILV_COROUTINE_ENDED);
        ILV_CHECK_INT(ilv_coroutine_free(left[i]), 0);
    }
    ILV_CHECK_INT((int)ilv_coroutine_state(mine), ILV_COROUTINE_SUSPENDED);
    end(mine);
}

static void *makes_many(void *argument)
{
    enum { MANY = 70 };
    struct ilv_coroutine *coroutine[MANY];
    for (int i = 0; i < MANY; i++)
        coroutine[i] = begun(stays, argument);
    for (int i = 0; i < MANY; i++)
        if (ilv_coroutine_close(coroutine[i]) == 0)
            ilv_coroutine_free(coroutine[i]);
    return NULL;
}

static void threads_leave_no_stacks(void)
{
    int unwound = 0;
    int before = guards();
    for (int i = 0; i < 10; i++) {
        pthread_t thread;
        ILV_CHECK_INT(pthread_create(&thread, NULL, makes_many, &unwound), 0);
        ILV_CHECK_INT(pthread_join(thread, NULL), 0);
    }
    ILV_CHECK_INT(unwound, 700);
    ILV_CHECK(guards() < before + 10);
}

struct forked {
    struct ilv_coroutine *other;
    struct ilv_coroutine *of_other_thread;
    pthread_barrier_t barrier;
    pid_t child;
};

static void *keeps_one(void *argument)
{
    struct forked *forked = argument;
    int unwound = 0;
    forked->of_other_thread = begun(stays, &unwound);
    pthread_barrier_wait(&forked->barrier);
    pthread_barrier_wait(&forked->barrier);
    ilv_coroutine_close(forked->of_other_thread);
    ilv_coroutine_free(forked->of_other_thread);
    return NULL;
}

static void *forks(void *argument, void *sent)
{
    struct forked *forked = argument;
    forked->child = fork();
    ilv_coroutine_yield(NULL, NULL);
    return sent;
}

static int in_child(const struct forked *forked, struct ilv_coroutine *one_that_forked)
{
    if (ilv_coroutine_send(forked->other, NULL, NULL) != ENODATA)
        return 1;
    if (ilv_coroutine_send(forked->of_other_thread, NULL, NULL) != EPERM)
        return 2;
    return ilv_coroutine_close(one_that_forked);
}

static void after_a_fork_those_of_the_thread_go_on_in_both(void)
{
    struct forked forked = {.child = -1};
    int unwound = 0;
    int status = -1;
    pthread_t thread;
    if (ON_TSAN)
        ilv_test_skip("in such a child ThreadSanitizer sees no order between coroutines");
    pthread_barrier_init(&forked.barrier, NULL, 2);
    ILV_CHECK_INT(pthread_create(&thread, NULL, keeps_one, &forked), 0);
    pthread_barrier_wait(&forked.barrier);
    forked.other = make(stays, &unwound);
    resume(forked.other, 0);
    struct ilv_coroutine *coroutine = make(forks, &forked);
    fflush(NULL);
    int error = ilv_coroutine_send(coroutine, NULL, NULL);
    if (forked.child == 0)
        _exit(error != 0 ? 9 : in_child(&forked, coroutine));
    ILV_CHECK_INT(error, 0);
    ILV_CHECK_INT(waitpid(forked.child, &status, 0), forked.child);
    ILV_CHECK_INT(status, 0);
    ILV_CHECK_INT(unwound, 0);
    end(coroutine);
    end(forked.other);
    pthread_barrier_wait(&forked.barrier);
    ILV_CHECK_INT(pthread_join(thread, NULL), 0);
}

ILV_SUITE(coroutine_stack, ILV_TEST(errno_is_each_ones_own), ILV_TEST(rounding_is_each_ones_own),
          ILV_TEST(what_lies_in_registers_stays), ILV_TEST(frames_are_aligned),
          ILV_TEST(a_stack_is_used_again), ILV_TEST(running_over_the_stack_ends_the_program),
          ILV_TEST(many_come_and_go_without_leaving_anything),
          ILV_TEST(backtraces_end_where_it_begins), ILV_TEST(a_program_may_end_in_one),
          ILV_TEST(a_thread_that_ends_closes_its_own), ILV_TEST(threads_leave_no_stacks),
          ILV_TEST(after_a_fork_those_of_the_thread_go_on_in_both));
