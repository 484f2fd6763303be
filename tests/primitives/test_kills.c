/* SPDX-License-Identifier: MIT */
/*
 * Processes that use everything in an arena as fast as they can are killed at random moments, KILLS
 * times. Each counts in shared memory what it has been told is done (acknowledged), so that after a
 * death what is there can be compared: all that was acknowledged, and at most one step more.
 */
#include <errno.h>
#include <ilv/array.h>
#include <ilv/dict.h>
#include <ilv/list.h>
#include <ilv/value.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"

enum {
    WORKERS = 3,
    ELEMENTS = 40,
    LONGEST = 400,
};

struct item {
    uint64_t worker;
    uint64_t step;
};

/* What a worker was told: outside the arena, one store each. */
struct acknowledged {
    uint64_t step;     /* of all that it does in a step */
    uint64_t appended; /* items of the list */
    uint64_t popped;
};

static struct ilv_arena *arena;
static struct ilv_dict *dict;
static struct ilv_list *list;
static struct ilv_array *array;
static struct ilv_value *value;
static struct acknowledged *told;
static struct ilv_arena_stat before;
static uint64_t seed;

static uint64_t drawn(void)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return seed >> 33;
}

static void acknowledge(uint64_t *word, uint64_t to)
{
    __atomic_store_n(word, to, __ATOMIC_RELEASE);
}

static void must(int error)
{
    if (error != 0)
        _exit(error);
}

static int all_more(void *elements, size_t count, void *context)
{
    int64_t *element = elements;
    (void)context;
    for (size_t i = 0; i < count; i++)
        element[i]++;
    return 0;
}

/* A value whose size and bytes follow from the step. */
static void set_text(uint64_t worker, uint64_t step)
{
    char text[LONGEST];
    struct item key = {worker, 1};
    memset(text, (int)(step % 256), sizeof text);
    must(ilv_dict_set(dict, &key, sizeof key, text, step % LONGEST));
}

static void use_list(uint64_t worker, uint64_t step)
{
    struct item items[3] = {{worker, step}, {0, 0}, {0, 0}};
    size_t size = 0;
    must(ilv_list_append(list, items, step % 3 ? 8 : sizeof items));
    acknowledge(&told[worker].appended, told[worker].appended + 1);
    int error = ilv_list_pop(list, step % 2 ? 0 : ILV_LIST_LAST, items, sizeof items, &size);
    if (error == 0)
        acknowledge(&told[worker].popped, told[worker].popped + 1);
    else if (error != ENOENT)
        _exit(error);
}

static void come_and_go(uint64_t worker, uint64_t step)
{
    struct item key = {worker, 2 + step % 20};
    if (step % 2)
        must(ilv_dict_set(dict, &key, sizeof key, &step, sizeof step));
    else if (ilv_dict_remove(dict, &key, sizeof key) == EINVAL)
        _exit(EINVAL);
}

/* Step by step, from the last that was acknowledged. */
static void work(uint64_t worker)
{
    struct item key = {worker, 0};
    int64_t sum;
    for (uint64_t step = told[worker].step + 1;; step++) {
        must(ilv_dict_add_int(dict, &key, sizeof key, 1, &sum));
        set_text(worker, step);
        use_list(worker, step);
        come_and_go(worker, step);
        must(ilv_array_update(array, step % 2 ? 0 : 30, step % 2 ? ELEMENTS : 5, all_more, NULL));
        must(ilv_value_add(value, 1, NULL));
        acknowledge(&told[worker].step, step);
    }
}

static pid_t start_worker(uint64_t worker)
{
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        work(worker);
    }
    return pid;
}

static int64_t counted(uint64_t worker)
{
    struct item key = {worker, 0};
    int64_t count = 0;
    int error = ilv_dict_get_int(dict, &key, sizeof key, &count);
    ILV_CHECK(error == 0 || error == ENOENT);
    return count;
}

/* What must be whole was written as a whole. */
static bool text_holds(uint64_t worker)
{
    char text[LONGEST];
    struct item key = {worker, 1};
    size_t size = 0;
    int error = ilv_dict_get(dict, &key, sizeof key, text, sizeof text, &size);
    for (size_t i = 1; error == 0 && i < size; i++)
        if (text[i] != text[0])
            return false;
    return error == 0 || error == ENOENT;
}

/* The worker's counter, which the dead step may have added to; then made what was acknowledged. */
static bool counter_holds(uint64_t worker)
{
    struct item key = {worker, 0};
    int64_t count = counted(worker);
    int64_t step = (int64_t)told[worker].step;
    return ILV_CHECK(count == step || count == step + 1) &&
           (count == step || ILV_CHECK_INT(ilv_dict_add_int(dict, &key, sizeof key, -1, NULL), 0));
}

static bool all_hold(void)
{
    return ILV_CHECK_INT(ilv_dict_check(dict), 0) && ILV_CHECK_INT(ilv_list_check(list), 0) &&
           ILV_CHECK_INT(ilv_array_check(array), 0) && ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static bool kill_one(pid_t *pids, uint64_t worker)
{
    int status = 0;
    kill(pids[worker], SIGKILL);
    if (waitpid(pids[worker], &status, 0) != pids[worker] || !ILV_CHECK_INT(status, SIGKILL))
        return false;
    return counter_holds(worker) && ILV_CHECK(text_holds(worker));
}

static void make_all(void)
{
    arena = ilv_arena_create(NULL, 0, 8 << 20);
    told = mmap(NULL, WORKERS * sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
    ILV_CHECK(arena != NULL && told != MAP_FAILED);
    ilv_arena_stat(arena, &before);
    dict = ilv_dict_create(arena);
    list = ilv_list_create(arena);
    array = ilv_array_create(arena, ELEMENTS, sizeof(int64_t));
    value = ilv_value_create_int(arena, 0);
}

/* Sums over all workers: a step that died may have done a thing that was not acknowledged. */
static void compare_sums(uint64_t kills)
{
    struct acknowledged sum = {0, 0, 0};
    int64_t number = -1;
    int64_t elements[ELEMENTS] = {0};
    size_t length = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        sum.step += told[i].step;
        sum.appended += told[i].appended;
        sum.popped += told[i].popped;
    }
    ILV_CHECK_INT(ilv_list_count(list, &length), 0);
    ILV_CHECK(sum.appended + kills >= length + sum.popped);
    ILV_CHECK(sum.appended <= length + sum.popped + kills);
    ILV_CHECK_INT(ilv_value_get_int(value, &number), 0);
    ILV_CHECK((uint64_t)number >= sum.step && (uint64_t)number <= sum.step + kills);
    ILV_CHECK_INT(ilv_array_get(array, 0, ELEMENTS, elements), 0);
    for (size_t i = 1; i < ELEMENTS; i++)
        ILV_CHECK_INT(elements[i], elements[i < 30 || i > 34 ? 0 : 30]);
}

static void nothing_is_left(void)
{
    struct ilv_arena_stat after;
    ILV_CHECK_INT(ilv_dict_destroy(dict), 0);
    ILV_CHECK_INT(ilv_list_destroy(list), 0);
    ILV_CHECK_INT(ilv_array_destroy(array), 0);
    ILV_CHECK_INT(ilv_value_destroy(value), 0);
    ilv_arena_stat(arena, &after);
    ILV_CHECK_U64(after.used, before.used);
    ILV_CHECK_U64(after.blocks, before.blocks);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static void what_was_acknowledged_outlives_random_deaths(void)
{
    pid_t pids[WORKERS];
    uint64_t kills = 0;
    bool well = true;
    seed = ilv_test_seed(1);
    make_all();
    for (uint64_t i = 0; i < WORKERS; i++)
        pids[i] = start_worker(i);
    while (well && kills < KILLS) {
        uint64_t worker = drawn() % WORKERS;
        usleep((useconds_t)(drawn() % 1500));
        well = kill_one(pids, worker) && (kills % 16 != 0 || all_hold());
        kills++;
        pids[worker] = start_worker(worker);
    }
    for (uint64_t i = 0; i < WORKERS; i++)
        kill_one(pids, i);
    if (all_hold()) {
        compare_sums(kills + WORKERS);
        nothing_is_left();
    }
}

ILV_SUITE(kills, ILV_TEST(what_was_acknowledged_outlives_random_deaths));
