/* SPDX-License-Identifier: MIT */
/*
 * futex.c: the model of futex(2).
 *
 * A word has an object while the program uses it. Its sleepers are the tasks whose published
 * operation is FUTEX_AWAKE on that object; scratch[WOKEN] says that somebody woke them already,
 * scratch[BITS] which wake-ups reach them.
 *
 *   FUTEX_WAIT    the word has another value: EAGAIN, one step
 *                 else two steps: to sleep, and (possible once woken, or timed out) awake
 *   FUTEX_WAKE    wakes at most n sleepers; which ones is a choice if there are more
 *   FUTEX_REQUEUE wakes some and moves others to another word, where they sleep on
 *
 * Between the look at the word and the sleep no other task runs: that is the promise of futexes.
 * Private and shared words are the same within one process and are known by their address.
 */
#include "objects/futex.h"

#include <errno.h>
#include <linux/futex.h>

#include "objects/clock.h"
#include "objects/stdio_lock.h"

enum { WOKEN, BITS };

#define ALL_BITS FUTEX_BITSET_MATCH_ANY

static uint32_t object_of(const uint32_t *word)
{
    uint32_t object = ilv__object_find(ILV_CLASS_FUTEX, word);
    return object != 0 ? object : ilv__object_make(ILV_CLASS_FUTEX, word, sizeof *word);
}

static bool word_valid(const uint32_t *word)
{
    return ((uintptr_t)word & (sizeof *word - 1)) == 0;
}

static uint32_t load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static long finish(int error, uint64_t value)
{
    ilv__done(error, value);
    return error != 0 ? -error : (long)value;
}

/* ---- waking ------------------------------------------------------------------------------- */

static bool sleeps_on(const struct task *t, uint32_t object, uint32_t bits)
{
    return t != ilv__self && t->info->op.kind == ILV_EV_FUTEX_AWAKE &&
           t->info->op.object == object && t->scratch[WOKEN] == 0 && (t->scratch[BITS] & bits) != 0;
}

static uint32_t sleepers(uint32_t object, uint32_t bits, uint16_t *found)
{
    const struct world *w = &ilv__world;
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->live; i++)
        if (sleeps_on(&w->task[w->order[i]], object, bits))
            found[n++] = w->order[i];
    return n;
}

/* Takes one of the n sleepers out of the list; a choice if not all of them are to be taken. */
static struct task *take_one(uint16_t *list, uint32_t *n, bool all)
{
    uint32_t pick = all ? 0 : ilv__choose_waiter(list, *n);
    struct task *t = &ilv__world.task[list[pick]];
    (*n)--;
    for (uint32_t i = pick; i < *n; i++)
        list[i] = list[i + 1];
    return t;
}

static uint32_t wake(uint32_t object, uint32_t limit, uint32_t bits)
{
    static uint16_t list[ILV_MAX_TASKS];
    uint32_t n = sleepers(object, bits, list);
    uint32_t woken = 0;
    while (n > 0 && woken < limit) {
        take_one(list, &n, n <= limit - woken)->scratch[WOKEN] = 1;
        woken++;
    }
    ilv__changed(object);
    return woken;
}

static uint32_t move(uint32_t from, uint32_t to, uint32_t limit)
{
    static uint16_t list[ILV_MAX_TASKS];
    uint32_t n = sleepers(from, ALL_BITS, list);
    uint32_t moved = 0;
    while (n > 0 && moved < limit) {
        ilv__move_waiter(take_one(list, &n, n <= limit - moved), to);
        moved++;
    }
    return moved;
}

/* The kernel takes the number of tasks to wake as an int and wakes at least one. */
static uint32_t wake_limit(uint32_t value)
{
    return (int32_t)value < 1 ? 1 : value;
}

static long do_wake(const uint32_t *word, uint32_t value, uint32_t bits)
{
    if (bits == 0)
        return -EINVAL;
    uint32_t object = object_of(word);
    struct ilv_op op = ilv__op(ILV_EV_FUTEX_WAKE, object);
    op.value = value;
    ilv__point(&op, NULL);
    ilv__stdio_lock_touched(word);
    return finish(0, wake(object, wake_limit(value), bits));
}

static long do_requeue(const uint32_t *word, uint32_t value, uint32_t moves, uint32_t *word2,
                       const uint32_t *expected)
{
    if (!word_valid(word2) || (int32_t)value < 0 || (int32_t)moves < 0)
        return -EINVAL;
    struct ilv_op op = ilv__op(ILV_EV_FUTEX_REQUEUE, object_of(word));
    op.object2 = object_of(word2);
    op.value = value;
    ilv__point(&op, NULL);
    if (expected != NULL && load(word) != *expected)
        return finish(EAGAIN, 0);
    uint32_t woken = value > 0 ? wake(op.object, value, ALL_BITS) : 0;
    uint32_t moved = move(op.object, op.object2, moves);
    return finish(0, woken + moved);
}

/* ---- FUTEX_WAKE_OP ------------------------------------------------------------------------ */

static int32_t sign_extend_12(uint32_t value)
{
    return (int32_t)(value << 20) >> 20;
}

static bool operate(uint32_t encoded, uint32_t *word, uint32_t *before)
{
    uint32_t argument = (uint32_t)sign_extend_12(encoded >> 12 & 0xfff);
    if ((encoded >> 28 & FUTEX_OP_OPARG_SHIFT) != 0)
        argument = UINT32_C(1) << (argument & 31);
    *before = load(word);
    const uint32_t after[] = {
        [FUTEX_OP_SET] = argument,           [FUTEX_OP_ADD] = *before + argument,
        [FUTEX_OP_OR] = *before | argument,  [FUTEX_OP_ANDN] = *before & ~argument,
        [FUTEX_OP_XOR] = *before ^ argument,
    };
    uint32_t operation = encoded >> 28 & 7;
    if (operation >= ILV_COUNT_OF(after))
        return false;
    __atomic_store_n(word, after[operation], __ATOMIC_SEQ_CST);
    return true;
}

static bool compares(uint32_t encoded, uint32_t before)
{
    int32_t a = (int32_t)before;
    int32_t b = sign_extend_12(encoded & 0xfff);
    const bool holds[] = {
        [FUTEX_OP_CMP_EQ] = a == b,
        [FUTEX_OP_CMP_NE] = a != b,
        [FUTEX_OP_CMP_LT] = a<b, [FUTEX_OP_CMP_LE] = a <= b, [FUTEX_OP_CMP_GT] = a> b,
        [FUTEX_OP_CMP_GE] = a >= b,
    };
    uint32_t comparison = encoded >> 24 & 15;
    return comparison < ILV_COUNT_OF(holds) && holds[comparison];
}

static long do_wake_op(const uint32_t *word, uint32_t value, uint32_t value2, uint32_t *word2,
                       uint32_t encoded)
{
    if (!word_valid(word2))
        return -EINVAL;
    struct ilv_op op = ilv__op(ILV_EV_FUTEX_REQUEUE, object_of(word));
    op.object2 = object_of(word2);
    ilv__point(&op, NULL);
    uint32_t before;
    if (!operate(encoded, word2, &before))
        return finish(ENOSYS, 0);
    uint32_t woken = wake(op.object, wake_limit(value), ALL_BITS);
    if (compares(encoded, before))
        woken += wake(op.object2, wake_limit(value2), ALL_BITS);
    return finish(0, woken);
}

/* ---- waiting ------------------------------------------------------------------------------ */

static bool woken(const struct task *t)
{
    return t->scratch[WOKEN] != 0;
}

static int deadline_of(int command, bool realtime, const struct timespec *timeout,
                       uint64_t *deadline)
{
    uint64_t span;
    *deadline = 0;
    if (timeout == NULL)
        return 0;
    if (command == FUTEX_WAIT_BITSET)
        return ilv__deadline(realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC, timeout, deadline);
    int error = ilv__clock_span(timeout, &span);
    if (error == 0)
        *deadline = ilv__clock_deadline(span);
    return error;
}

static long sleep_on(uint32_t object, uint32_t bits, uint64_t deadline)
{
    struct task *t = ilv__self;
    struct ilv_op op = ilv__op(ILV_EV_FUTEX_AWAKE, object);
    op.flags = deadline != 0 ? ILV_TIMED : 0;
    op.deadline = deadline;
    t->scratch[WOKEN] = 0;
    t->scratch[BITS] = bits;
    t->interruptible = deadline != 0 ? ILV_ALWAYS : ILV_RESTART;
    enum outcome outcome = ilv__point(&op, woken);
    if (t->scratch[WOKEN] != 0)
        return finish(0, 0);
    return finish(outcome == ILV_TIMEOUT ? ETIMEDOUT : EINTR, 0);
}

static long do_wait(const uint32_t *word, int command, bool realtime, uint32_t value,
                    const struct timespec *timeout, uint32_t bits)
{
    uint64_t deadline;
    int error = bits == 0 ? EINVAL : deadline_of(command, realtime, timeout, &deadline);
    if (error != 0)
        return -error;
    uint32_t object = object_of(word);
    struct ilv_op op = ilv__op(ILV_EV_FUTEX_WAIT, object);
    op.value = value;
    ilv__point(&op, NULL);
    if (load(word) != value)
        return finish(EAGAIN, 0);
    ilv__done(0, value);
    return sleep_on(object, bits, deadline);
}

/* ---- the call ----------------------------------------------------------------------------- */

static bool inherits_priority(int command)
{
    return command == FUTEX_LOCK_PI || command == FUTEX_UNLOCK_PI || command == FUTEX_TRYLOCK_PI ||
           command == FUTEX_WAIT_REQUEUE_PI || command == FUTEX_CMP_REQUEUE_PI ||
           command == 13 /* FUTEX_LOCK_PI2 */;
}

long ilv__futex(uint32_t *word, int command, uint32_t value, const struct timespec *timeout,
                uint32_t *word2, uint32_t value3)
{
    bool realtime = (command & FUTEX_CLOCK_REALTIME) != 0;
    uint32_t count = (uint32_t)(uintptr_t)timeout;
    command &= FUTEX_CMD_MASK;
    if (inherits_priority(command))
        ilv__limited("futex with priority inheritance is not modelled");
    if (realtime && command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET)
        return -ENOSYS;
    if (!word_valid(word))
        return -EINVAL;
    if (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET)
        return do_wait(word, command, realtime, value, timeout,
                       command == FUTEX_WAIT ? ALL_BITS : value3);
    if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET)
        return do_wake(word, value, command == FUTEX_WAKE ? ALL_BITS : value3);
    if (command == FUTEX_REQUEUE || command == FUTEX_CMP_REQUEUE)
        return do_requeue(word, value, count, word2, command == FUTEX_CMP_REQUEUE ? &value3 : NULL);
    if (command == FUTEX_WAKE_OP)
        return do_wake_op(word, value, count, word2, value3);
    return -ENOSYS;
}
