/* SPDX-License-Identifier: MIT */
/*
 * message.h: one thread writes a message and tells another one, in one of many ways, that it may
 * read it. Fault 1: it is written too late. Other faults: the way is walked wrongly.
 *
 * [wrong * 1: message at put late, get]
 * [breaks * 1: exit-status]
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdint.h>

#include "cases.h"

static int message;

struct way {
    void (*tell)(void);
    void (*hear)(void);
};

static void *teller(void *argument)
{
    const struct way *way = argument;
    if (fault != 1)
        message = 42; /* put */
    way->tell();
    if (fault == 1)
        message = 42; /* put late */
    return NULL;
}

static void *hearer(void *argument)
{
    const struct way *way = argument;
    way->hear();
    holds(message == 42); /* get */
    return NULL;
}

static void pass(const struct way *way)
{
    pthread_t b = thread(hearer, (void *)(uintptr_t)way);
    pthread_t a = thread(teller, (void *)(uintptr_t)way);
    join(a);
    join(b);
}

#define WAY(name)                                                       \
    static void name##_passes(void)                                     \
    {                                                                   \
        static const struct way way = {tell_by_##name, hear_by_##name}; \
        pass(&way);                                                     \
    }

#endif
