/* SPDX-License-Identifier: MIT */
/*
 * Carries out pairs of operations in both orders, in every state that a small world can reach
 * (up to a number of states), and holds ilv_depends() to its word.
 */
#include "depends.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "ilv_test.h"
#include "small_world.h"

#define STATES_MOST 6000u
#define SLOTS 16384u

/* The states that were reached, in order, and where each is found. */
struct reached {
    struct world state[STATES_MOST];
    uint32_t slot[SLOTS]; /* 1 + index */
    uint32_t count;
};

/* A pair found by the search to be called independent, or dependent, and why that matters. */
struct tally {
    unsigned independent; /* pairs of trials and states that commuted as promised */
    unsigned broken;      /* called independent and are not */
    unsigned dependent;   /* pairs of trials called dependent ... */
    unsigned needless;    /* ... where no state showed that the order counts */
};

static void reach(struct reached *r, const struct world *w)
{
    uint64_t hash = ilv_hash_bytes(ILV_HASH_START, w, sizeof *w);
    uint32_t at = (uint32_t)(ilv_hash_mix(hash) % SLOTS);
    while (r->slot[at]) {
        if (memcmp(&r->state[r->slot[at] - 1], w, sizeof *w) == 0) {
            return;
        }
        at = (at + 1) % SLOTS;
    }
    if (r->count < STATES_MOST) {
        r->state[r->count++] = *w;
        r->slot[at] = r->count;
    }
}

static bool is_small(const struct world *w)
{
    return w->sem[0] <= 3 && w->sem[1] <= 3;
}

static void explore(struct reached *r, unsigned group)
{
    struct world empty = {0};
    memset(r, 0, sizeof *r);
    reach(r, &empty);
    for (uint32_t i = 0; i < r->count; i++) {
        for (unsigned n = 0; n < trial_count * TASKS; n++) {
            const struct trial *trial = &trials[n / TASKS];
            struct world next = r->state[i];
            if ((trial->groups & group) && world_allows(&next, n % TASKS, &trial->op)) {
                (void)world_step(&next, n % TASKS, &trial->op);
                if (is_small(&next)) {
                    reach(r, &next);
                }
            }
        }
    }
}

/* Whether the order of a by task s and b by task t can be seen in this state. */
static bool order_counts(const struct world *w, unsigned s, const struct ilv_op *a, unsigned t,
                         const struct ilv_op *b)
{
    bool a_first = world_allows(w, s, a);
    bool b_first = world_allows(w, t, b);
    struct world ab = *w;
    struct world ba = *w;
    int result_a1 = a_first ? world_step(&ab, s, a) : 0;
    int result_b1 = b_first ? world_step(&ba, t, b) : 0;
    if ((a_first && world_allows(&ab, t, b) != b_first) ||
        (b_first && world_allows(&ba, s, a) != a_first)) {
        return true;
    }
    if (!a_first || !b_first) {
        return false;
    }
    int result_b2 = world_step(&ab, t, b);
    int result_a2 = world_step(&ba, s, a);
    return result_a1 != result_a2 || result_b1 != result_b2 || memcmp(&ab, &ba, sizeof ab) != 0;
}

static void complain(const struct ilv_op *a, const struct ilv_op *b)
{
    ILV_CHECK(false);
    (void)fprintf(stderr, "%s(%u,%u) and %s(%u,%u) are called independent\n",
                  ilv_event_row(a->kind)->word, a->object, a->object2, ilv_event_row(b->kind)->word,
                  b->object, b->object2);
}

static void try_pair(const struct reached *r, const struct ilv_op *a, const struct ilv_op *b,
                     struct tally *tally)
{
    bool depends = ilv_depends(a, b);
    bool seen = false;
    unsigned tried = 0;
    for (uint32_t i = 0; i < r->count && !seen; i++) {
        for (unsigned n = 0; n < TASKS * TASKS && !seen; n++) {
            unsigned s = n / TASKS;
            unsigned t = n % TASKS;
            seen = s != t && order_counts(&r->state[i], s, a, t, b);
            tried += s != t;
        }
    }
    tally->dependent += depends;
    tally->needless += depends && !seen;
    tally->independent += depends ? 0 : tried;
    if (!depends && seen) {
        tally->broken++;
        complain(a, b);
    }
}

static struct tally try_group(unsigned group)
{
    struct reached *r = malloc(sizeof *r);
    struct tally tally = {0};
    explore(r, group);
    for (unsigned i = 0; i < trial_count; i++) {
        for (unsigned j = 0; j < trial_count; j++) {
            if (trials[i].groups & trials[j].groups & group) {
                try_pair(r, &trials[i].op, &trials[j].op, &tally);
            }
        }
    }
    ILV_CHECK(r->count > 3);
    ILV_CHECK_INT(tally.broken, 0);
    ILV_CHECK(tally.dependent > 0);
    free(r);
    return tally;
}

static void independent_mutex_operations_commute(void)
{
    struct tally tally = try_group(GROUP_MUTEX);
    ILV_CHECK(tally.independent > 1000);
    ILV_CHECK_INT(tally.needless, 2); /* two unlocks of one mutex: a stranger's is refused */
}

static void independent_condition_operations_commute(void)
{
    ILV_CHECK(try_group(GROUP_COND).independent > 1000);
}

static void independent_rwlock_operations_commute(void)
{
    ILV_CHECK(try_group(GROUP_RWLOCK).independent > 100);
}

static void independent_semaphore_operations_commute(void)
{
    ILV_CHECK(try_group(GROUP_SEM).independent > 1000);
}

static void independent_barrier_operations_commute(void)
{
    ILV_CHECK(try_group(GROUP_BARRIER).independent > 10);
}

static void independent_channel_operations_commute(void)
{
    struct tally tally = try_group(GROUP_CHANNEL);
    ILV_CHECK(tally.independent > 1000);
    ILV_CHECK_INT(tally.needless, 0);
}

static void independent_task_operations_commute(void)
{
    ILV_CHECK(try_group(GROUP_TASK).independent > 1000);
}

static void independent_operations_on_the_rest_commute(void)
{
    ILV_CHECK(try_group(GROUP_REST).independent > 1000);
}

static void independent_operations_of_all_kinds_commute(void)
{
    struct tally tally = try_group(GROUP_ALL);
    ILV_CHECK(tally.independent > 1000000);
}

/* The search would see a wrong table: two locks of one mutex, called independent, are caught. */
static void the_search_sees_what_depends(void)
{
    struct reached *r = malloc(sizeof *r);
    explore(r, GROUP_MUTEX);
    const struct ilv_op lock = {.kind = ILV_EV_MUTEX_LOCK, .object = MUTEX_A};
    const struct ilv_op unlock = {.kind = ILV_EV_MUTEX_UNLOCK, .object = MUTEX_A};
    const struct ilv_op other = {.kind = ILV_EV_MUTEX_LOCK, .object = MUTEX_B};
    bool lock_lock = false;
    bool lock_unlock = false;
    bool lock_other = false;
    for (uint32_t i = 0; i < r->count; i++) {
        lock_lock = lock_lock || order_counts(&r->state[i], 0, &lock, 1, &lock);
        lock_unlock = lock_unlock || order_counts(&r->state[i], 0, &lock, 1, &unlock);
        lock_other = lock_other || order_counts(&r->state[i], 0, &lock, 1, &other);
    }
    ILV_CHECK(lock_lock);
    ILV_CHECK(lock_unlock);
    ILV_CHECK(!lock_other);
    free(r);
}

static struct ilv_op op(unsigned kind, uint32_t object, uint32_t object2)
{
    return (struct ilv_op){.kind = (uint16_t)kind, .object = object, .object2 = object2};
}

static bool depends(struct ilv_op a, struct ilv_op b)
{
    ILV_CHECK_INT(ilv_depends(&a, &b), ilv_depends(&b, &a));
    return ilv_depends(&a, &b);
}

static void both_objects_are_compared_in_all_pairings(void)
{
    struct ilv_op wait = op(ILV_EV_COND_WAIT, 3, 1);
    ILV_CHECK(depends(wait, op(ILV_EV_MUTEX_LOCK, 1, 0)));
    ILV_CHECK(depends(wait, op(ILV_EV_COND_SIGNAL, 3, 0)));
    ILV_CHECK(depends(wait, op(ILV_EV_COND_WAIT, 4, 1)));
    ILV_CHECK(depends(op(ILV_EV_FUTEX_REQUEUE, 5, 6), op(ILV_EV_FUTEX_REQUEUE, 6, 7)));
    ILV_CHECK(!depends(wait, op(ILV_EV_MUTEX_LOCK, 2, 0)));
    ILV_CHECK(!depends(wait, op(ILV_EV_COND_WAIT, 4, 2)));
}

static void no_object_is_not_a_common_object(void)
{
    ILV_CHECK(!depends(op(ILV_EV_MUTEX_LOCK, 0, 0), op(ILV_EV_MUTEX_LOCK, 0, 0)));
    ILV_CHECK(!depends(op(ILV_EV_MUTEX_LOCK, 1, 0), op(ILV_EV_MUTEX_LOCK, 2, 0)));
}

static void the_end_of_the_program_depends_on_everything(void)
{
    for (unsigned kind = 0; kind < ILV_EV_COUNT; kind++) {
        ILV_CHECK(depends(op(ILV_EV_PROCESS_EXIT, 9, 0), op(kind, 1, 2)));
    }
}

static void reads_and_additions_commute_among_themselves_only(void)
{
    struct ilv_op post = op(ILV_EV_SEM_POST, 1, 0);
    struct ilv_op get = op(ILV_EV_SEM_GETVALUE, 1, 0);
    ILV_CHECK(!depends(post, post));
    ILV_CHECK(!depends(get, get));
    ILV_CHECK(depends(post, get));
    ILV_CHECK(depends(post, op(ILV_EV_SEM_WAIT, 1, 0)));
    ILV_CHECK(depends(get, op(ILV_EV_SEM_WAIT, 1, 0)));
}

static void read_locks_commute_among_themselves_only(void)
{
    struct ilv_op read = op(ILV_EV_RWLOCK_RDLOCK, 1, 0);
    struct ilv_op try_read = op(ILV_EV_RWLOCK_TRYRDLOCK, 1, 0);
    ILV_CHECK(!depends(read, read));
    ILV_CHECK(!depends(read, try_read));
    ILV_CHECK(!depends(try_read, try_read));
    ILV_CHECK(depends(read, op(ILV_EV_RWLOCK_WRLOCK, 1, 0)));
    ILV_CHECK(depends(try_read, op(ILV_EV_RWLOCK_TRYWRLOCK, 1, 0)));
    ILV_CHECK(depends(read, op(ILV_EV_RWLOCK_UNLOCK, 1, 0)));
    ILV_CHECK(depends(try_read, op(ILV_EV_RWLOCK_UNLOCK, 1, 0)));
    ILV_CHECK(!depends(read, op(ILV_EV_RWLOCK_WRLOCK, 2, 0)));
}

static void a_poll_of_several_channels_looks_at_all(void)
{
    struct ilv_op all = op(ILV_EV_CHANNEL_POLL, 0, 0);
    struct ilv_op one = op(ILV_EV_CHANNEL_POLL, 5, 0);
    ILV_CHECK(depends(all, op(ILV_EV_CHANNEL_WRITE, 7, 0)));
    ILV_CHECK(!depends(one, op(ILV_EV_CHANNEL_WRITE, 7, 0)));
    ILV_CHECK(!depends(all, one));
    ILV_CHECK(!depends(all, all));
    ILV_CHECK(!depends(all, op(ILV_EV_MUTEX_LOCK, 7, 0)));
}

ILV_SUITE(depends, ILV_TEST(independent_mutex_operations_commute),
          ILV_TEST(independent_condition_operations_commute),
          ILV_TEST(independent_rwlock_operations_commute),
          ILV_TEST(independent_semaphore_operations_commute),
          ILV_TEST(independent_barrier_operations_commute),
          ILV_TEST(independent_channel_operations_commute),
          ILV_TEST(independent_task_operations_commute),
          ILV_TEST(independent_operations_on_the_rest_commute),
          ILV_TEST(independent_operations_of_all_kinds_commute),
          ILV_TEST(the_search_sees_what_depends),
          ILV_TEST(both_objects_are_compared_in_all_pairings),
          ILV_TEST(no_object_is_not_a_common_object),
          ILV_TEST(the_end_of_the_program_depends_on_everything),
          ILV_TEST(reads_and_additions_commute_among_themselves_only),
          ILV_TEST(read_locks_commute_among_themselves_only),
          ILV_TEST(a_poll_of_several_channels_looks_at_all));
