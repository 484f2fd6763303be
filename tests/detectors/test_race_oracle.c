/* SPDX-License-Identifier: MIT */
/*
 * The race detector against the definition (race_oracle.h), on thousands of random runs.
 *
 * What is compared, for each access X and each word that it touches:
 *
 *   found      an earlier access races with X by the oracle, and the one that is told is one of
 *              these: task, kind, step, and bytes among those in common
 *   not found  no earlier access races with X; or the detector says ILV_RACE_SAME (of this word),
 *              and each one that does race has raced with an earlier access of X's task
 *
 * Runs may be drawn larger, words to pages, with the same outcome.
 *
 * Where ilv_race_same() is true the access is left out, as its users do.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "ilv_test.h"
#include "race.h"
#include "race_oracle.h"
#include "rng.h"

#define TASKS 16u
#define LOCKS 3u
#define MEMORY ((size_t)64 << 20)
#define BASE UINT64_C(0x7f0000000ff0) /* words on both sides of a page's end */

/* How likely each kind of operation is, and among how many things. */
struct profile {
    unsigned tasks;
    unsigned operations;
    unsigned words;
    unsigned scale; /* each byte stands for so many; 0: for itself */
    unsigned access, atomic, fence, lock, rwlock, post, create, note, fresh;
};

static struct {
    const struct profile *profile;
    struct ilv_rng rng;
    struct ilv_race *race;
    struct ilv_view view;
    struct ilv_object_info object[64];
    int actor[TASKS]; /* of the task with this index; -1: none */
    unsigned index[ORACLE_ACTORS];
    unsigned actors;
    int lock_owner[LOCKS];
    int writer[LOCKS];
    bool reader[LOCKS][TASKS];
    unsigned step;
    unsigned found;
    unsigned same;
    bool wrong;
} run;

static unsigned below(unsigned n)
{
    return ilv_rng_below(&run.rng, n);
}

static unsigned scale(void)
{
    return run.profile->scale == 0 ? 1 : run.profile->scale;
}

/* What the detector is told for an address of the oracle, and back. */
static uint64_t origin(void)
{
    return scale() == 1 ? BASE : BASE & ~UINT64_C(4095);
}

static uint64_t larger(uint64_t address)
{
    return origin() + (address - BASE) * scale();
}

static uint64_t smaller(uint64_t address)
{
    return BASE + (address - origin()) / scale();
}

/* ---- comparison --------------------------------------------------------------------------- */

static void complain(const char *what, unsigned i)
{
    const struct race_op *op = oracle_op(i);
    run.wrong = true;
    fprintf(stderr, "operation %u (task %u, %u bytes at +%u, what %u): %s\n", i, op->actor,
            op->size, (unsigned)(op->address - BASE), op->what, what);
}

/* Whether y and an earlier access of the task of x raced: it was told when the later was made. */
static bool told_before(unsigned y, unsigned x, uint64_t address, unsigned size)
{
    for (unsigned a = 0; a < x; a++) {
        if (oracle_op(a)->actor == oracle_op(x)->actor &&
            oracle_race(a < y ? a : y, a < y ? y : a, address, size)) {
            return true;
        }
    }
    return false;
}

/* The word's part of x; whether some race there has to be told now. */
static bool must_tell(unsigned x, uint64_t address, unsigned size)
{
    for (unsigned y = 0; y < x; y++) {
        if (oracle_race(y, x, address, size) && !told_before(y, x, address, size)) {
            return true;
        }
    }
    return false;
}

static bool any_race(unsigned x, uint64_t address, unsigned size)
{
    for (unsigned y = 0; y < x; y++) {
        if (oracle_race(y, x, address, size)) {
            return true;
        }
    }
    return false;
}

static bool is_one_of_them(const struct ilv_race_access *earlier, unsigned x)
{
    uint64_t first = smaller(earlier->address);
    uint64_t last = smaller(earlier->address + earlier->size - 1);
    for (unsigned y = 0; y < x; y++) {
        const struct race_op *op = oracle_op(y);
        if (oracle_race(y, x, first, (unsigned)(last - first + 1)) && op->what == earlier->what &&
            op->step == earlier->step && run.index[op->actor] == earlier->task) {
            return true;
        }
    }
    return false;
}

static void compare(unsigned x, unsigned result, const struct ilv_race_pair *pair)
{
    const struct race_op *op = oracle_op(x);
    bool found = (result & ILV_RACE_FOUND) != 0;
    bool one_word = (op->address & 7) + op->size <= 8 && scale() == 1;
    run.found += found;
    run.same += (result & ILV_RACE_SAME) != 0;
    if ((result & ILV_RACE_FULL) != 0) {
        complain("no memory", x);
    }
    if (found && (result & ILV_RACE_SAME) != 0) {
        complain("a race of something that is not new", x);
    }
    if (found && !is_one_of_them(&pair->earlier, x)) {
        complain("the pair that is told does not race", x);
    }
    if (!found && must_tell(x, op->address, op->size)) {
        complain("a race is missed", x);
    }
    if (!found && one_word && (result & ILV_RACE_SAME) == 0 && any_race(x, op->address, op->size)) {
        complain("a race of something new is missed", x);
    }
}

/* ---- operations --------------------------------------------------------------------------- */

static void feed(const struct race_op *op, unsigned task, unsigned object)
{
    struct ilv_step step = {.kind = (uint16_t)op->event, .task = (uint16_t)task, .object = object};
    run.view.step = run.step;
    ilv_race_step(run.race, &run.view, &step);
}

/* Tells both. */
static void act(struct race_op *op, unsigned task, unsigned object)
{
    op->actor = (unsigned)run.actor[task];
    op->step = run.step;
    unsigned x = oracle_add(op);
    struct ilv_race_pair pair;
    struct ilv_race_access access = {.address = larger(op->address),
                                     .size = op->size * scale(),
                                     .step = run.step,
                                     .task = (uint16_t)task,
                                     .what = (uint16_t)op->what};
    if (op->kind == OP_ACCESS) {
        bool small = scale() == 1 && (op->address & 7) + op->size <= 8;
        bool same = small && ilv_race_same(run.race, task, op->address, op->size, op->what & 1);
        compare(x, same ? ILV_RACE_SAME : ilv_race_access(run.race, &access, &pair), &pair);
    } else if (op->kind == OP_ATOMIC) {
        compare(x, ilv_race_atomic(run.race, &access, op->reads, op->order, &pair), &pair);
    } else if (op->kind == OP_FENCE) {
        ilv_race_fence(run.race, task, op->order);
    } else if (op->kind >= OP_RELEASE_AT && op->kind <= OP_REPLACE_AT) {
        static const enum ilv_race_sync what[] = {ILV_RACE_RELEASE, ILV_RACE_ACQUIRE,
                                                  ILV_RACE_REPLACE};
        ilv_race_sync_at(run.race, task, larger(op->address), what[op->kind - OP_RELEASE_AT]);
    } else if (op->kind == OP_FRESH) {
        ilv_race_fresh(run.race, larger(op->address), (uint64_t)op->size * scale());
    } else if (op->event != 0) {
        feed(op, task, object);
    }
}

static void access(unsigned task)
{
    unsigned span = run.profile->words * 8;
    unsigned size = 1u << below(5);
    struct race_op op = {.kind = OP_ACCESS, .size = below(6) == 0 ? 1 + below(20) : size};
    op.address =
        BASE + (below(4) == 0 ? below(span) : (uint64_t)below(span / op.size + 1) * op.size);
    op.what = below(2) == 0 ? ILV_RACE_WRITE : ILV_RACE_READ;
    act(&op, task, 0);
}

static void atomic(unsigned task)
{
    unsigned size = 4u << below(2);
    unsigned kind = below(3);
    struct race_op op = {.kind = OP_ATOMIC, .size = size, .reads = kind != 0, .order = below(6)};
    op.address = BASE + (uint64_t)below(run.profile->words * 8 / size) * size;
    op.what = ILV_RACE_ATOMIC | (kind != 1 ? ILV_RACE_WRITE : 0);
    act(&op, task, 0);
}

static void fence(unsigned task)
{
    struct race_op op = {.kind = OP_FENCE, .order = below(6)};
    act(&op, task, 0);
}

static unsigned channel_of(unsigned lock, unsigned which)
{
    return lock * 4 + which;
}

static void lock(unsigned task)
{
    unsigned l = below(LOCKS);
    struct race_op op = {.channel = channel_of(l, 0)};
    if (run.lock_owner[l] < 0) {
        run.lock_owner[l] = (int)task;
        op.kind = OP_ACQUIRE;
        op.event = below(2) == 0 ? ILV_EV_MUTEX_LOCK : ILV_EV_MUTEX_TRYLOCK;
        act(&op, task, 20 + l);
    } else if (run.lock_owner[l] == (int)task) {
        run.lock_owner[l] = -1;
        op.kind = OP_RELEASE;
        op.event = ILV_EV_MUTEX_UNLOCK;
        act(&op, task, 20 + l);
    }
}

static bool any_reader(unsigned l)
{
    for (unsigned t = 0; t < TASKS; t++) {
        if (run.reader[l][t]) {
            return true;
        }
    }
    return false;
}

/* A write lock is acquired from the lock and from its readers: the oracle is told twice. */
static void write_lock(unsigned task, unsigned l)
{
    struct race_op op = {.kind = OP_ACQUIRE, .channel = channel_of(l, 2)};
    run.writer[l] = (int)task;
    act(&op, task, 0);
    op.channel = channel_of(l, 1);
    op.event = ILV_EV_RWLOCK_WRLOCK;
    act(&op, task, 30 + l);
}

static void rwlock(unsigned task)
{
    unsigned l = below(LOCKS);
    struct race_op op = {.channel = channel_of(l, 1)};
    if (run.writer[l] == (int)task || run.reader[l][task]) {
        op.kind = OP_RELEASE;
        op.event = ILV_EV_RWLOCK_UNLOCK;
        op.channel = channel_of(l, run.reader[l][task] ? 2 : 1);
        run.writer[l] = run.reader[l][task] ? run.writer[l] : -1;
        run.reader[l][task] = false;
        act(&op, task, 30 + l);
    } else if (run.writer[l] < 0 && below(2) == 0) {
        run.reader[l][task] = true;
        op.kind = OP_ACQUIRE;
        op.event = ILV_EV_RWLOCK_RDLOCK;
        act(&op, task, 30 + l);
    } else if (run.writer[l] < 0 && !any_reader(l)) {
        write_lock(task, l);
    }
}

static void post(unsigned task)
{
    unsigned l = below(LOCKS);
    struct race_op op = {.channel = channel_of(l, 3), .kind = OP_RELEASE, .event = ILV_EV_SEM_POST};
    if (below(2) == 0) {
        op.kind = OP_ACQUIRE;
        op.event = ILV_EV_SEM_WAIT;
    }
    act(&op, task, 40 + l);
}

static void note(unsigned task)
{
    struct race_op op = {.kind = (enum race_op_kind)(OP_RELEASE_AT + below(3)), .size = 1};
    op.address = BASE + (uint64_t)below(run.profile->words) * 8;
    act(&op, task, 0);
}

static void fresh(unsigned task)
{
    unsigned first = below(run.profile->words);
    struct race_op op = {.kind = OP_FRESH, .address = BASE + (uint64_t)first * 8};
    op.size = (1 + below(run.profile->words - first)) * 8;
    act(&op, task, 0);
}

static bool holds_something(unsigned task)
{
    bool holds = false;
    for (unsigned l = 0; l < LOCKS; l++) {
        holds = holds || run.lock_owner[l] == (int)task || run.writer[l] == (int)task ||
                run.reader[l][task];
    }
    return holds;
}

/* Makes a task with an index that is free, or joins one. Accesses of tasks that were joined are
 * told with their index: it is used again for tasks that never race with them. */
static void create(unsigned task)
{
    unsigned child = below(run.profile->tasks);
    struct race_op op = {.kind = OP_CREATE, .event = ILV_EV_TASK_CREATE};
    if (run.actor[child] < 0 && run.actors < ORACLE_ACTORS) {
        op.other = run.actors++;
        run.actor[child] = (int)op.other;
        run.index[op.other] = child;
        act(&op, task, 1 + child);
    } else if (child != 0 && child != task && run.actor[child] >= 0 && !holds_something(child) &&
               below(2) == 0) {
        op.kind = OP_JOIN;
        op.event = ILV_EV_TASK_JOIN;
        op.other = (unsigned)run.actor[child];
        act(&op, task, 1 + child);
        run.actor[child] = -1;
    }
}

/* ---- runs --------------------------------------------------------------------------------- */

static void one_operation(void)
{
    const struct profile *p = run.profile;
    const unsigned weight[] = {p->access, p->atomic, p->fence, p->lock, p->rwlock,
                               p->post,   p->create, p->note,  p->fresh};
    static void (*const does[])(unsigned) = {access, atomic, fence, lock, rwlock,
                                             post,   create, note,  fresh};
    unsigned task = below(p->tasks);
    unsigned all = 0;
    for (unsigned i = 0; i < sizeof weight / sizeof weight[0]; i++) {
        all += weight[i];
    }
    unsigned pick = below(all);
    unsigned i = 0;
    while (pick >= weight[i]) {
        pick -= weight[i++];
    }
    run.step += below(3) == 0;
    does[i](run.actor[task] < 0 ? 0 : task);
}

static void begin(const struct profile *profile, uint64_t seed, void *memory)
{
    memset(&run, 0, sizeof run);
    memset(run.actor, -1, sizeof run.actor);
    memset(run.lock_owner, -1, sizeof run.lock_owner);
    memset(run.writer, -1, sizeof run.writer);
    ilv_rng_seed(&run.rng, seed);
    run.profile = profile;
    run.race = ilv_race_begin(memory, MEMORY, TASKS, 64);
    run.actor[0] = 0;
    run.actors = 1;
    run.step = 1;
    for (unsigned i = 0; i < TASKS; i++) {
        run.object[1 + i] = (struct ilv_object_info){.cls = ILV_CLASS_TASK, .address = i};
    }
    run.view = (struct ilv_view){.objects = run.object, .object_count = 64};
    oracle_begin();
}

/* So many random runs; some accesses must have raced, some not. */
static void compare_runs(const struct profile *profile, unsigned runs)
{
    unsigned found = 0;
    unsigned same = 0;
    for (unsigned seed = 1; seed <= runs; seed++) {
        void *memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        begin(profile, seed, memory);
        while (oracle_count() + 2 < profile->operations && !run.wrong) {
            one_operation();
        }
        munmap(memory, MEMORY);
        if (!ILV_CHECK_INT(run.wrong ? (int)seed : 0, 0)) {
            return;
        }
        found += run.found;
        same += run.same;
    }
    ILV_CHECK(found > 0 && same > 0);
}

static void mixed_runs_are_judged_as_defined(void)
{
    static const struct profile p = {.tasks = 4,
                                     .operations = 90,
                                     .words = 4,
                                     .access = 40,
                                     .atomic = 10,
                                     .fence = 3,
                                     .lock = 20,
                                     .rwlock = 10,
                                     .post = 4,
                                     .create = 8,
                                     .note = 2,
                                     .fresh = 1};
    compare_runs(&p, 1500);
}

static void atomics_of_all_orders_are_judged_as_defined(void)
{
    static const struct profile p = {.tasks = 4,
                                     .operations = 70,
                                     .words = 3,
                                     .access = 20,
                                     .atomic = 40,
                                     .fence = 12,
                                     .create = 6,
                                     .fresh = 1};
    compare_runs(&p, 2000);
}

static void annotations_and_atomics_at_one_place_are_judged_as_defined(void)
{
    static const struct profile p = {.tasks = 3,
                                     .operations = 60,
                                     .words = 2,
                                     .access = 15,
                                     .atomic = 20,
                                     .fence = 5,
                                     .create = 6,
                                     .note = 15};
    compare_runs(&p, 1000);
}

static void many_tasks_on_one_word_are_judged_as_defined(void)
{
    static const struct profile p = {.tasks = 14,
                                     .operations = 120,
                                     .words = 1,
                                     .access = 60,
                                     .atomic = 6,
                                     .lock = 20,
                                     .create = 40};
    compare_runs(&p, 800);
}

static void tasks_that_come_and_go_are_judged_as_defined(void)
{
    static const struct profile p = {.tasks = 5,
                                     .operations = 120,
                                     .words = 2,
                                     .access = 30,
                                     .atomic = 5,
                                     .lock = 15,
                                     .create = 60};
    compare_runs(&p, 800);
}

/* 8 bytes become a page. */
static void whole_pages_are_judged_as_words_are(void)
{
    static const struct profile p = {.tasks = 4,
                                     .operations = 60,
                                     .words = 3,
                                     .scale = 512,
                                     .access = 40,
                                     .lock = 25,
                                     .create = 8,
                                     .fresh = 5};
    compare_runs(&p, 800);
}

ILV_SUITE(race_oracle, ILV_TEST(whole_pages_are_judged_as_words_are),
          ILV_TEST(mixed_runs_are_judged_as_defined),
          ILV_TEST(atomics_of_all_orders_are_judged_as_defined),
          ILV_TEST(annotations_and_atomics_at_one_place_are_judged_as_defined),
          ILV_TEST(many_tasks_on_one_word_are_judged_as_defined),
          ILV_TEST(tasks_that_come_and_go_are_judged_as_defined));
