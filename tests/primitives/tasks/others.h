/* SPDX-License-Identifier: MIT */
/*
 * others.h: two threads of which one does its part behind the other, and nothing orders them but
 * what the parts call.
 *
 *     int theirs = after(count_children, start_one, &ours);
 *
 * They tell each other by words that order nothing, so that ThreadSanitizer tells of each lock
 * that the library does not take, whatever the schedule.
 */
#ifndef OTHERS_H
#define OTHERS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

void say(uint32_t *word);
bool is_said(const uint32_t *word);
void hear(const uint32_t *word);

/* Another thread; it lives on when its part is over, until it is ended. */
struct other {
    int (*part)(void);
    int result;
    uint32_t over;
    uint32_t leave;
    pid_t number;
    pthread_t thread;
};

void begin_other(struct other *other, int (*part)(void));

/* Waits until it sleeps in the kernel; see steps.h. */
void await_asleep(const struct other *other);

/* What its part gave. */
int end_other(struct other *other);

/* Their part in another thread, then ours, with the other still there. Gives what theirs gave. */
int after(int (*theirs)(void), int (*ours)(void), int *result);

#endif
