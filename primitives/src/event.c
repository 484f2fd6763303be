/* SPDX-License-Identifier: MIT */
/*
 * event.c: one word.
 *
 *   bit 0      SET      the event is set
 *   bit 1      PARKED   somebody may be parked: legal to be set for nobody, illegal to be clear
 *                       while somebody is. Never together with SET
 *   the rest   how often it went from clear to set
 *
 *   from             by      to                      and then
 *   clear            wait    clear | PARKED          parks while the word is this
 *   clear [PARKED]   set     count + 1, SET          wakes all if PARKED was there
 *   SET              clear   without SET             -
 *
 * A waiter goes on when it finds SET or another count than at its start: set and clear may both
 * be over when it runs. Between two looks of one waiter the count comes round after 2^30 sets.
 */
#include <errno.h>
#include <ilv/event.h>

#include "annotate.h"
#include "internal.h"

#define SET 1U
#define PARKED 2U
#define ONCE_MORE 4U

_Static_assert(sizeof(struct ilv_event) == 8, "arenas and other versions rely on the size");

int ilv_event_init(struct ilv_event *event)
{
    if (event == NULL)
        return EINVAL;
    *event = (struct ilv_event)ILV_EVENT_INIT;
    return 0;
}

int ilv_event_set(struct ilv_event *event)
{
    if (event == NULL)
        return EINVAL;
    ilv__is_before(event);
    uint32_t seen = __atomic_load_n(&event->state, __ATOMIC_RELAXED);
    do {
        if (seen & SET)
            return 0;
    } while (!__atomic_compare_exchange_n(&event->state, &seen,
                                          ((seen & ~PARKED) + ONCE_MORE) | SET, true,
                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    if (seen & PARKED)
        ilv__wake(&event->state, ILV__ALL);
    return 0;
}

int ilv_event_clear(struct ilv_event *event)
{
    if (event == NULL)
        return EINVAL;
    __atomic_fetch_and(&event->state, ~SET, __ATOMIC_RELAXED);
    return 0;
}

bool ilv_event_is_set(const struct ilv_event *event)
{
    if (event == NULL || (__atomic_load_n(&event->state, __ATOMIC_ACQUIRE) & SET) == 0)
        return false;
    ilv__is_after(event);
    return true;
}

static bool happened(uint32_t seen, uint32_t first)
{
    return (seen & SET) != 0 || (seen | PARKED) != (first | PARKED);
}

/* Waits until the word says that it happened since it was `first`. */
static int wait_since(struct ilv_event *event, uint32_t first, const struct timespec *deadline)
{
    uint32_t seen = first;
    int error = 0;
    while (!happened(seen, first)) {
        if (error != 0)
            return error;
        if (seen & PARKED || __atomic_compare_exchange_n(&event->state, &seen, seen | PARKED, false,
                                                         __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            error = ilv__park(&event->state, seen | PARKED, deadline, &event->reach);
        seen = __atomic_load_n(&event->state, __ATOMIC_ACQUIRE);
    }
    ilv__is_after(event);
    return 0;
}

int ilv_event_wait_until(struct ilv_event *event, const struct timespec *deadline)
{
    if (event == NULL || !ilv__deadline_valid(deadline))
        return EINVAL;
    return wait_since(event, __atomic_load_n(&event->state, __ATOMIC_ACQUIRE), deadline);
}

int ilv_event_wait(struct ilv_event *event)
{
    return ilv_event_wait_until(event, NULL);
}

int ilv_event_try_wait(struct ilv_event *event)
{
    if (event == NULL)
        return EINVAL;
    return ilv_event_is_set(event) ? 0 : EAGAIN;
}
