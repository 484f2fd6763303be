/* SPDX-License-Identifier: MIT */
/*
 * Enumerates all interleavings of small programs, sorts them into classes by swapping
 * neighbouring steps that are independent, and compares the classes with the fingerprints.
 */
#include <stdlib.h>
#include <string.h>

#include "depends.h"
#include "hash.h"
#include "ilv_test.h"
#include "rng.h"

#define TASKS_MOST 3
#define OPS_MOST 4
#define LENGTH_MOST 9
#define TRACES_MOST 2000
#define PROGRAMS 400

struct program {
    unsigned tasks;
    unsigned length[TASKS_MOST];
    struct ilv_op op[TASKS_MOST][OPS_MOST];
    int result[TASKS_MOST][OPS_MOST];
};

/* A trace is the order of tasks; each does its operations in order. */
struct traces {
    uint8_t order[TRACES_MOST][LENGTH_MOST];
    uint64_t fingerprint[TRACES_MOST];
    unsigned class[TRACES_MOST]; /* index of another trace of the class, or its own */
    unsigned count;
    unsigned length;
};

static const uint16_t kinds[] = {ILV_EV_MUTEX_LOCK,   ILV_EV_SEM_POST,   ILV_EV_SEM_GETVALUE,
                                 ILV_EV_COND_WAIT,    ILV_EV_TASK_YIELD, ILV_EV_CHANNEL_POLL,
                                 ILV_EV_CHANNEL_READ, ILV_EV_CLOCK_READ, ILV_EV_TASK_CANCEL,
                                 ILV_EV_FILE_READ,    ILV_EV_FILE_WRITE, ILV_EV_FUTEX_REQUEUE,
                                 ILV_EV_BARRIER_LEAVE};

static struct program random_program(struct ilv_rng *rng)
{
    struct program p = {.tasks = 2 + ilv_rng_below(rng, 2)};
    for (unsigned t = 0; t < p.tasks; t++) {
        p.length[t] = p.tasks == 2 ? 2 + ilv_rng_below(rng, 3) : 2 + (ilv_rng_below(rng, 4) == 0);
        for (unsigned i = 0; i < p.length[t]; i++) {
            uint16_t kind = kinds[ilv_rng_below(rng, sizeof kinds / sizeof kinds[0])];
            bool two = ilv_event_row(kind)->effect2 != ILV_EFFECT_NONE;
            bool many = kind == ILV_EV_CHANNEL_POLL && ilv_rng_below(rng, 2);
            p.op[t][i].kind = kind;
            p.op[t][i].object = many ? 0 : 1 + ilv_rng_below(rng, 3);
            p.op[t][i].object2 = two && !many ? ilv_rng_below(rng, 4) : 0;
            p.result[t][i] = (int)ilv_rng_below(rng, 2);
        }
    }
    return p;
}

static void enumerate(const struct program *p, struct traces *traces, uint8_t *order,
                      unsigned *done, unsigned at)
{
    if (at == traces->length) {
        memcpy(traces->order[traces->count++], order, at);
        return;
    }
    for (unsigned t = 0; t < p->tasks; t++) {
        if (done[t] < p->length[t]) {
            done[t]++;
            order[at] = (uint8_t)t;
            enumerate(p, traces, order, done, at + 1);
            done[t]--;
        }
    }
}

static uint64_t fingerprint(const struct program *p, const uint8_t *order, unsigned length)
{
    static _Alignas(8) unsigned char memory[1024];
    struct ilv_fingerprint *f = ilv_fingerprint_begin(memory, TASKS_MOST, 4);
    unsigned done[TASKS_MOST] = {0};
    for (unsigned i = 0; i < length; i++) {
        unsigned t = order[i];
        const struct ilv_op *op = &p->op[t][done[t]];
        struct ilv_step step = {.task = (uint16_t)t,
                                .kind = op->kind,
                                .object = op->object,
                                .object2 = op->object2,
                                .result = p->result[t][done[t]],
                                .time = i};
        ilv_fingerprint_step(f, &step, ilv_hash_mix(t + 1),
                             op->object ? ilv_hash_mix(100 + op->object) : 0,
                             op->object2 ? ilv_hash_mix(100 + op->object2) : 0);
        done[t]++;
    }
    return ilv_fingerprint_value(f);
}

static unsigned root(struct traces *traces, unsigned i)
{
    while (traces->class[i] != i) {
        i = traces->class[i];
    }
    return i;
}

static unsigned find(const struct traces *traces, const uint8_t *order)
{
    unsigned i = 0;
    while (memcmp(traces->order[i], order, traces->length) != 0) {
        i++;
    }
    return i;
}

/* Joins the class of trace n with those that differ by one swap of independent neighbours. */
static void join_neighbours(const struct program *p, struct traces *traces, unsigned n)
{
    unsigned done[TASKS_MOST] = {0};
    for (unsigned i = 0; i + 1 < traces->length; i++) {
        unsigned s = traces->order[n][i];
        unsigned t = traces->order[n][i + 1];
        if (s < t && !ilv_depends(&p->op[s][done[s]], &p->op[t][done[t]])) {
            uint8_t swapped[LENGTH_MOST];
            memcpy(swapped, traces->order[n], sizeof swapped);
            swapped[i] = (uint8_t)t;
            swapped[i + 1] = (uint8_t)s;
            traces->class[root(traces, find(traces, swapped))] = root(traces, n);
        }
        done[s]++;
    }
}

static void classify(const struct program *p, struct traces *traces)
{
    uint8_t order[LENGTH_MOST] = {0};
    unsigned done[TASKS_MOST] = {0};
    traces->count = 0;
    traces->length = 0;
    for (unsigned t = 0; t < p->tasks; t++) {
        traces->length += p->length[t];
    }
    memset(traces->order, 0, sizeof traces->order);
    enumerate(p, traces, order, done, 0);
    for (unsigned n = 0; n < traces->count; n++) {
        traces->class[n] = n;
        traces->fingerprint[n] = fingerprint(p, traces->order[n], traces->length);
    }
    for (unsigned n = 0; n < traces->count; n++) {
        join_neighbours(p, traces, n);
    }
}

/* How many pairs of traces have equal fingerprints in different classes, or the reverse. */
static unsigned disagreements(struct traces *traces)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < traces->count; i++) {
        for (unsigned j = 0; j < i; j++) {
            bool same_class = root(traces, i) == root(traces, j);
            wrong += same_class != (traces->fingerprint[i] == traces->fingerprint[j]);
        }
    }
    return wrong;
}

static unsigned classes(struct traces *traces)
{
    unsigned count = 0;
    for (unsigned i = 0; i < traces->count; i++) {
        count += traces->class[i] == i;
    }
    return count;
}

static void equal_exactly_for_equivalent_traces(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(1));
    struct traces *traces = malloc(sizeof *traces);
    unsigned in_between = 0;
    for (unsigned i = 0; i < PROGRAMS; i++) {
        struct program p = random_program(&rng);
        classify(&p, traces);
        if (!ILV_CHECK_INT(disagreements(traces), 0)) {
            break;
        }
        unsigned count = classes(traces);
        in_between += count > 1 && count < traces->count;
    }
    ILV_CHECK(in_between > PROGRAMS / 2);
    free(traces);
}

static uint64_t of_steps(const struct ilv_step *steps, unsigned count, unsigned max_objects)
{
    void *memory = malloc(ilv_fingerprint_size(4, max_objects));
    struct ilv_fingerprint *f = ilv_fingerprint_begin(memory, 4, max_objects);
    for (unsigned i = 0; i < count; i++) {
        ilv_fingerprint_step(f, &steps[i], steps[i].task + 1, steps[i].object, steps[i].object2);
    }
    uint64_t value = ilv_fingerprint_value(f);
    free(memory);
    return value;
}

static void blocked_records_time_and_sites_do_not_count(void)
{
    const struct ilv_step plain[] = {{.kind = ILV_EV_MUTEX_LOCK, .object = 1},
                                     {.kind = ILV_EV_MUTEX_UNLOCK, .object = 1}};
    const struct ilv_step other[] = {
        {.kind = ILV_EV_MUTEX_LOCK, .object = 1, .time = 7, .site = 3, .value = 9, .ready = 2},
        {.kind = ILV_EV_MUTEX_LOCK, .object = 1, .task = 1, .flags = ILV_BLOCKED},
        {.kind = ILV_EV_MUTEX_UNLOCK, .object = 1}};
    ILV_CHECK_U64(of_steps(other, 3, 4), of_steps(plain, 2, 4));
}

static void task_operation_object_and_result_count(void)
{
    const struct ilv_step base = {.kind = ILV_EV_MUTEX_LOCK, .object = 1};
    struct ilv_step other[4] = {base, base, base, base};
    other[0].kind = ILV_EV_MUTEX_TRYLOCK;
    other[1].object = 2;
    other[2].result = 1;
    other[3].task = 1;
    for (int i = 0; i < 4; i++) {
        ILV_CHECK(of_steps(&other[i], 1, 4) != of_steps(&base, 1, 4));
    }
}

static void objects_beyond_the_table_are_ordered_with_each_other(void)
{
    struct ilv_step steps[] = {{.kind = ILV_EV_MUTEX_LOCK, .object = 8},
                               {.kind = ILV_EV_MUTEX_LOCK, .object = 9, .task = 1}};
    struct ilv_step swapped[] = {steps[1], steps[0]};
    ILV_CHECK(of_steps(steps, 2, 4) != of_steps(swapped, 2, 4));
    ILV_CHECK_U64(of_steps(steps, 2, 10), of_steps(swapped, 2, 10));
    struct ilv_step task = {.kind = ILV_EV_MUTEX_LOCK, .object = 1, .task = 65535};
    ILV_CHECK(of_steps(&task, 1, 4) != 0);
}

ILV_SUITE(fingerprint, ILV_TEST(equal_exactly_for_equivalent_traces),
          ILV_TEST(blocked_records_time_and_sites_do_not_count),
          ILV_TEST(task_operation_object_and_result_count),
          ILV_TEST(objects_beyond_the_table_are_ordered_with_each_other));
