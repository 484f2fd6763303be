/* SPDX-License-Identifier: MIT */
/*
 * Who holds which lock, from the steps alone (internal.h says what they mean).
 *
 * A lock has at most one owner, or a list of readers. Entries of readers come from one table;
 * when it is full, `blind` says so and those who accuse by what is not held keep silent.
 */
#include "internal.h"

#define READERS_A_TASK 4

static size_t locks_size(uint32_t max_objects)
{
    return ((size_t)max_objects * sizeof(struct ilv__lock) + 15) & ~(size_t)15;
}

size_t ilv__holds_size(uint32_t max_tasks, uint32_t max_objects)
{
    size_t readers = (size_t)max_tasks * READERS_A_TASK + 1;
    return locks_size(max_objects) + readers * sizeof(struct ilv__reader);
}

void ilv__holds_begin(struct ilv__holds *holds, void *memory, uint32_t max_tasks,
                      uint32_t max_objects)
{
    char *at = memory;
    *holds = (struct ilv__holds){.lock = (void *)at,
                                 .reader = (void *)(at + locks_size(max_objects)),
                                 .max_objects = max_objects,
                                 .max_readers = max_tasks * READERS_A_TASK + 1,
                                 .used = 1};
}

/* ---- what each kind of step does; its objects are within the table ------------------------ */

static bool succeeded(const struct ilv_step *step)
{
    return step->result == 0 || step->result == ILV__EOWNERDEAD;
}

static void own(struct ilv__lock *lock, const struct ilv_step *step, uint32_t number)
{
    uint16_t owner = (uint16_t)(step->task + 1);
    if (lock->owner != owner) {
        lock->owner = owner;
        lock->taken = (struct ilv__taken){number, step->site};
    }
    lock->seen = 1;
}

static void take(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    if (succeeded(step)) {
        own(&holds->lock[step->object], step, number);
    }
}

static void wake(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    if (step->result != ILV__ENOTRECOVERABLE) {
        own(&holds->lock[step->object2], step, number);
    }
}

static void begin_once(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    if (step->value == 1) {
        take(holds, step, number);
    }
}

/* Of a mutex and a sleeper's mutex, value is how often it is still held. */
static void release(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    (void)number;
    if (step->result == 0 && step->value == 0) {
        holds->lock[step->object].owner = 0;
    }
}

static void sleep_on(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    (void)number;
    if (step->result == 0 && step->value == 0) {
        holds->lock[step->object2].owner = 0;
    }
}

static void end_once(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    (void)number;
    holds->lock[step->object].owner = 0;
}

static void made(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    (void)number;
    if (step->result == 0) {
        holds->lock[step->object].seen = 1;
    }
}

static struct ilv__reader *find_reader(const struct ilv__holds *holds, uint32_t object,
                                       unsigned task)
{
    uint32_t i = holds->lock[object].readers;
    while (i != 0 && holds->reader[i].task != task) {
        i = holds->reader[i].next;
    }
    return i == 0 ? NULL : &holds->reader[i];
}

/* 0 when there is none left. */
static uint32_t new_reader(struct ilv__holds *holds)
{
    uint32_t i = holds->unused;
    if (i != 0) {
        holds->unused = holds->reader[i].next;
        return i;
    }
    return holds->used < holds->max_readers ? holds->used++ : 0;
}

static void take_read(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    struct ilv__lock *lock = &holds->lock[step->object];
    struct ilv__reader *reader = find_reader(holds, step->object, step->task);
    if (step->result != 0) {
        return;
    }
    lock->seen = 1;
    if (reader != NULL) {
        reader->depth++;
        return;
    }
    uint32_t i = new_reader(holds);
    if (i == 0) {
        holds->blind = true;
        return;
    }
    holds->reader[i] = (struct ilv__reader){
        .taken = {number, step->site}, .next = lock->readers, .task = step->task, .depth = 1};
    lock->readers = i;
}

static void drop_reader(struct ilv__holds *holds, uint32_t object, struct ilv__reader *reader)
{
    uint32_t index = (uint32_t)(reader - holds->reader);
    uint32_t *at = &holds->lock[object].readers;
    while (*at != index) {
        at = &holds->reader[*at].next;
    }
    *at = reader->next;
    reader->next = holds->unused;
    holds->unused = index;
}

static void release_rw(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    (void)number;
    struct ilv__reader *reader = find_reader(holds, step->object, step->task);
    if (step->result != 0) {
        return;
    }
    if (reader == NULL) {
        holds->lock[step->object].owner = 0;
    } else if (--reader->depth == 0) {
        drop_reader(holds, step->object, reader);
    }
}

static void (*const apply[ILV_EV_COUNT])(struct ilv__holds *holds, const struct ilv_step *step,
                                         uint32_t number) = {
    [ILV_EV_MUTEX_INIT] = made,
    [ILV_EV_MUTEX_LOCK] = take,
    [ILV_EV_MUTEX_TRYLOCK] = take,
    [ILV_EV_MUTEX_UNLOCK] = release,
    [ILV_EV_COND_WAIT] = sleep_on,
    [ILV_EV_COND_WAKE] = wake,
    [ILV_EV_RWLOCK_INIT] = made,
    [ILV_EV_RWLOCK_RDLOCK] = take_read,
    [ILV_EV_RWLOCK_TRYRDLOCK] = take_read,
    [ILV_EV_RWLOCK_WRLOCK] = take,
    [ILV_EV_RWLOCK_TRYWRLOCK] = take,
    [ILV_EV_RWLOCK_UNLOCK] = release_rw,
    [ILV_EV_SPIN_INIT] = made,
    [ILV_EV_SPIN_LOCK] = take,
    [ILV_EV_SPIN_TRYLOCK] = take,
    [ILV_EV_SPIN_UNLOCK] = release,
    [ILV_EV_ONCE_BEGIN] = begin_once,
    [ILV_EV_ONCE_END] = end_once,
};

void ilv__holds_step(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number)
{
    if (step->kind < ILV_EV_COUNT && apply[step->kind] != NULL &&
        step->object < holds->max_objects && step->object2 < holds->max_objects) {
        apply[step->kind](holds, step, number);
    }
}

int ilv__owner(const struct ilv__holds *holds, uint32_t object)
{
    return object < holds->max_objects ? (int)holds->lock[object].owner - 1 : -1;
}

const struct ilv__taken *ilv__held(const struct ilv__holds *holds, uint32_t object, unsigned task)
{
    if (object >= holds->max_objects) {
        return NULL;
    }
    if (ilv__owner(holds, object) == (int)task) {
        return &holds->lock[object].taken;
    }
    const struct ilv__reader *reader = find_reader(holds, object, task);
    return reader != NULL ? &reader->taken : NULL;
}

int ilv__a_reader(const struct ilv__holds *holds, uint32_t object, unsigned task, uint32_t *count)
{
    int found = -1;
    *count = 0;
    if (object >= holds->max_objects) {
        return -1;
    }
    for (uint32_t i = holds->lock[object].readers; i != 0; i = holds->reader[i].next) {
        ++*count;
        if (found < 0 || found == (int)task) {
            found = holds->reader[i].task;
        }
    }
    return found;
}
