/* SPDX-License-Identifier: MIT */
/*
 * rwlock.c: a place with a robust mutex of its own for each reader; a writer takes all places.
 *
 * So the kernel gives up what dead readers and writers held, without anybody who looks for them,
 * and detectors see who waits for whom.
 *
 *   reader   unless a writer waits: takes any free place, without the gate;
 *            else, or if it finds none: gate, place, gives the gate up
 *   writer   gate; writer_waits = 1; every place below `used`; writing = HALF
 *   unlock   reader: its place. Writer: writing = WHOLE, the places, writer_waits = 0, the gate
 *
 * 1. Places at `used` and above are free; `used` grows by one who holds the gate, so a writer that
 *    holds the gate and all places below `used` is alone. A place that was never used has no last
 *    holder: who takes it sees what those wrote who had the gate, by acquiring `used`.
 * 2. writing changes only by one who is alone. HALF when nobody is alone: a writer died. Whoever
 *    gets a place or the gate sees what its last holder wrote, dead or not.
 *      WHOLE -> HALF   a writer gets in          HALF -> WHOLE   it unlocks
 *      HALF -> DIRTY   a writer gets in and finds HALF: EOWNERDEAD   DIRTY as HALF if it dies
 *      DIRTY -> HALF   consistent                DIRTY -> LOST   it unlocks without
 * 3. A reader that gets a place while writing is not WHOLE has found a dead writer: it becomes a
 *    writer.
 * 4. A place that a reader died with is consistent at once: a reader changes nothing.
 * 5. writer_waits may be 1 when no writer lives: readers then go by the gate, where it is set
 *    right. It is a hint: order, not exclusion, stands on it, and it needs no memory order.
 * 6. A place's reader, and the writer, are the task that holds it, as long as somebody does; else 0
 *    or one who died, and no other task will ever be taken for that one.
 * 7. Locks are taken in the order gate, place 0, 1, ...; a reader with a place takes no other.
 */
#include <errno.h>
#include <ilv/rwlock.h>
#include <string.h>

#include "annotate.h"
#include "mutex.h"

#define WHOLE 0U
#define HALF 1U
#define DIRTY 2U
#define LOST 3U
#define PLACES ILV_RWLOCK_READERS

_Static_assert(sizeof(struct ilv_rwlock) == 72 + 56 * PLACES,
               "arenas and other versions rely on the size");

/* Where the thread found a place last: two readers settle on two places. */
static __thread uint32_t favourite __attribute__((tls_model("initial-exec")));

/* How long somebody is ready to wait. */
struct patience {
    bool tries; /* not at all */
    const struct timespec *deadline;
};

/* Takes a mutex of the lock; death of the last holder is no error here: see 2 and 4. */
static int take(struct ilv_mutex *mutex, struct patience patience)
{
    int error =
        patience.tries ? ilv_mutex_try_lock(mutex) : ilv_mutex_lock_until(mutex, patience.deadline);
    return error == EOWNERDEAD ? ilv_mutex_consistent(mutex) : error;
}

static uint32_t used_places(const struct ilv_rwlock *rwlock)
{
    uint32_t used = __atomic_load_n(&rwlock->used, __ATOMIC_ACQUIRE);
    ilv__is_after(&rwlock->used);
    return used < PLACES ? used : PLACES;
}

static uint32_t state_of(const struct ilv_rwlock *rwlock)
{
    return __atomic_load_n(&rwlock->writing, __ATOMIC_RELAXED);
}

static bool is_me(const uint64_t *holder)
{
    return __atomic_load_n(holder, __ATOMIC_RELAXED) == ilv__task();
}

static void leave_place(struct ilv_rwlock *rwlock, uint32_t i)
{
    __atomic_store_n(&rwlock->place[i].reader, 0, __ATOMIC_RELAXED);
    ilv__mutex_leave(&rwlock->place[i].mutex);
}

/* Reads in this place if it is free: 0, else EBUSY. */
static int try_place(struct ilv_rwlock *rwlock, uint32_t i)
{
    int error = take(&rwlock->place[i].mutex, (struct patience){.tries = true});
    if (error != 0)
        return error;
    favourite = i;
    __atomic_store_n(&rwlock->place[i].reader, ilv__task(), __ATOMIC_RELAXED);
    return 0;
}

/* The place that the caller reads in, or PLACES. */
static uint32_t place_of_caller(const struct ilv_rwlock *rwlock)
{
    uint32_t used = used_places(rwlock);
    for (uint32_t i = 0; i < used; i++)
        if (is_me(&rwlock->place[i].reader))
            return i;
    return PLACES;
}

static int try_places(struct ilv_rwlock *rwlock)
{
    uint32_t used = used_places(rwlock);
    int error = EBUSY;
    for (uint32_t n = 0; n < used && error != 0; n++)
        error = try_place(rwlock, (favourite + n) % used);
    return error;
}

/* With the gate held: a place that is free, or was never used, or becomes free. */
static int find_place(struct ilv_rwlock *rwlock, struct patience patience)
{
    for (uint32_t used = used_places(rwlock); try_places(rwlock) != 0; used++) {
        if (used == PLACES) {
            int error = take(&rwlock->place[0].mutex, patience);
            if (error == 0)
                __atomic_store_n(&rwlock->place[0].reader, ilv__task(), __ATOMIC_RELAXED);
            return error;
        }
        ilv__is_before(&rwlock->used);
        __atomic_store_n(&rwlock->used, used + 1, __ATOMIC_RELEASE);
    }
    return 0;
}

static void leave_places_below(struct ilv_rwlock *rwlock, uint32_t end)
{
    while (end-- > 0)
        ilv__mutex_leave(&rwlock->place[end].mutex);
}

/* With the gate held: alone, or an error and nothing taken. */
static int take_all_places(struct ilv_rwlock *rwlock, struct patience patience)
{
    uint32_t used = used_places(rwlock);
    for (uint32_t i = 0; i < used; i++) {
        int error = take(&rwlock->place[i].mutex, patience);
        if (error != 0) {
            leave_places_below(rwlock, i);
            return error;
        }
    }
    return 0;
}

static void give_up_writing(struct ilv_rwlock *rwlock)
{
    __atomic_store_n(&rwlock->writer, 0, __ATOMIC_RELAXED);
    leave_places_below(rwlock, used_places(rwlock));
    __atomic_store_n(&rwlock->writer_waits, 0, __ATOMIC_RELAXED);
    ilv__mutex_leave(&rwlock->gate);
}

/* Alone: what does the caller get? */
static int become_writer(struct ilv_rwlock *rwlock)
{
    uint32_t state = state_of(rwlock);
    if (state == LOST) {
        give_up_writing(rwlock);
        return ENOTRECOVERABLE;
    }
    __atomic_store_n(&rwlock->writer, ilv__task(), __ATOMIC_RELAXED);
    __atomic_store_n(&rwlock->writing, state == WHOLE ? HALF : DIRTY, __ATOMIC_RELAXED);
    return state == WHOLE ? 0 : EOWNERDEAD;
}

/* With the gate held, which is kept if the caller writes now. */
static int write_from_gate(struct ilv_rwlock *rwlock, struct patience patience)
{
    __atomic_store_n(&rwlock->writer_waits, 1, __ATOMIC_RELAXED);
    int error = take_all_places(rwlock, patience);
    if (error == 0)
        return become_writer(rwlock);
    __atomic_store_n(&rwlock->writer_waits, 0, __ATOMIC_RELAXED);
    ilv__mutex_leave(&rwlock->gate);
    return error;
}

/* NULL and destroyed locks, deadlines, and a caller that holds it already. */
static int refused(struct ilv_rwlock *rwlock, struct patience patience)
{
    int error = ilv__mutex_ready(rwlock != NULL ? &rwlock->gate : NULL, PTHREAD_MUTEX_ERRORCHECK);
    if (error != 0 || !ilv__deadline_valid(patience.deadline))
        return EINVAL;
    return place_of_caller(rwlock) < PLACES ? EDEADLK : 0;
}

static int write_lock(struct ilv_rwlock *rwlock, struct patience patience)
{
    int error = refused(rwlock, patience);
    if (error == 0)
        error = take(&rwlock->gate, patience);
    return error == 0 ? write_from_gate(rwlock, patience) : error;
}

static int read_by_gate(struct ilv_rwlock *rwlock, struct patience patience)
{
    int error = take(&rwlock->gate, patience);
    if (error != 0)
        return error;
    if (state_of(rwlock) != WHOLE)
        return write_from_gate(rwlock, patience);
    __atomic_store_n(&rwlock->writer_waits, 0, __ATOMIC_RELAXED);
    error = find_place(rwlock, patience);
    ilv__mutex_leave(&rwlock->gate);
    return error;
}

static int read_lock(struct ilv_rwlock *rwlock, struct patience patience)
{
    int error = refused(rwlock, patience);
    if (error != 0)
        return error;
    if (__atomic_load_n(&rwlock->writer_waits, __ATOMIC_RELAXED) == 0 && try_places(rwlock) == 0) {
        if (ilv__likely(state_of(rwlock) == WHOLE))
            return 0;
        leave_place(rwlock, favourite);
    }
    return read_by_gate(rwlock, patience);
}

int ilv_rwlock_init(struct ilv_rwlock *rwlock)
{
    if (rwlock == NULL)
        return EINVAL;
    memset(rwlock, 0, sizeof *rwlock);
    return 0;
}

int ilv_rwlock_destroy(struct ilv_rwlock *rwlock)
{
    struct patience none = {.tries = true};
    int error = refused(rwlock, none);
    if (error == 0)
        error = take(&rwlock->gate, none);
    if (error == 0 && (error = take_all_places(rwlock, none)) != 0)
        ilv__mutex_leave(&rwlock->gate);
    if (error != 0)
        return error == EINVAL ? EINVAL : EBUSY;
    leave_places_below(rwlock, used_places(rwlock));
    __atomic_store_n(&rwlock->gate.state, ILV__DESTROYED, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&rwlock->gate.lock);
    return 0;
}

int ilv_rwlock_read_lock(struct ilv_rwlock *rwlock)
{
    return read_lock(rwlock, (struct patience){.tries = false});
}

int ilv_rwlock_try_read_lock(struct ilv_rwlock *rwlock)
{
    return read_lock(rwlock, (struct patience){.tries = true});
}

int ilv_rwlock_read_lock_until(struct ilv_rwlock *rwlock, const struct timespec *deadline)
{
    return read_lock(rwlock, (struct patience){.deadline = deadline});
}

int ilv_rwlock_write_lock(struct ilv_rwlock *rwlock)
{
    return write_lock(rwlock, (struct patience){.tries = false});
}

int ilv_rwlock_try_write_lock(struct ilv_rwlock *rwlock)
{
    return write_lock(rwlock, (struct patience){.tries = true});
}

int ilv_rwlock_write_lock_until(struct ilv_rwlock *rwlock, const struct timespec *deadline)
{
    return write_lock(rwlock, (struct patience){.deadline = deadline});
}

int ilv_rwlock_unlock(struct ilv_rwlock *rwlock)
{
    int error = refused(rwlock, (struct patience){.tries = true});
    if (error == EINVAL)
        return EINVAL;
    if (error == EDEADLK) {
        leave_place(rwlock, place_of_caller(rwlock));
        return 0;
    }
    if (!is_me(&rwlock->writer))
        return EPERM;
    __atomic_store_n(&rwlock->writing, state_of(rwlock) == DIRTY ? LOST : WHOLE, __ATOMIC_RELAXED);
    give_up_writing(rwlock);
    return 0;
}

int ilv_rwlock_consistent(struct ilv_rwlock *rwlock)
{
    int error = refused(rwlock, (struct patience){.tries = true});
    if (error == EINVAL)
        return EINVAL;
    if (!is_me(&rwlock->writer))
        return EPERM;
    if (state_of(rwlock) != DIRTY)
        return EINVAL;
    __atomic_store_n(&rwlock->writing, HALF, __ATOMIC_RELAXED);
    return 0;
}
