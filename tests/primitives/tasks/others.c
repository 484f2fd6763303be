/* SPDX-License-Identifier: MIT */
#include "others.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "../sanitizers.h"
#include "steps.h"

void say(uint32_t *word)
{
    relaxed_word(word, sizeof *word);
    __atomic_store_n(word, 1, __ATOMIC_RELAXED);
}

bool is_said(const uint32_t *word)
{
    relaxed_word(word, sizeof *word);
    return __atomic_load_n(word, __ATOMIC_RELAXED) != 0;
}

void hear(const uint32_t *word)
{
    while (!is_said(word)) {
        (void)sched_yield();
    }
}

static void *play(void *argument)
{
    struct other *other = argument;
    relaxed_word(&other->number, sizeof other->number);
    __atomic_store_n(&other->number, gettid(), __ATOMIC_RELAXED);
    other->result = other->part();
    say(&other->over);
    hear(&other->leave);
    return NULL;
}

void begin_other(struct other *other, int (*part)(void))
{
    *other = (struct other){.part = part};
    if (pthread_create(&other->thread, NULL, play, other) != 0) {
        abort();
    }
}

void await_asleep(const struct other *other)
{
    pid_t number;
    relaxed_word(&other->number, sizeof other->number);
    while ((number = __atomic_load_n(&other->number, __ATOMIC_RELAXED)) == 0) {
        (void)sched_yield();
    }
    await_sleeping(number);
}

int end_other(struct other *other)
{
    say(&other->leave);
    (void)pthread_join(other->thread, NULL);
    return other->result;
}

int after(int (*theirs)(void), int (*ours)(void), int *result)
{
    struct other other;
    begin_other(&other, theirs);
    hear(&other.over);
    *result = ours();
    return end_other(&other);
}
