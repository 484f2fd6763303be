/* SPDX-License-Identifier: MIT */
/*
 * backend.c: what both backends share.
 */
#include "backend.h"

#include <string.h>
#include <sys/syscall.h>

#define DESCRIPTOR_SCAN 2048 /* bytes of struct pthread in which the tid lies (glibc 2.36: 720) */

/* The tid begins a pair of words after pointers. Their upper halves are passed over: they look
 * like a tid when the process has a number such as 32767 (0x7fff). */
#define TID_ALIGNMENT 8

static size_t tid_offset;

bool ilv__tid_word_locate(void)
{
    int32_t tid = (int32_t)ilv__syscall_raw(SYS_gettid, 0, 0, 0, 0, 0, 0);
    const char *descriptor = (const char *)pthread_self();
    for (size_t at = 0; at + sizeof tid <= DESCRIPTOR_SCAN; at += TID_ALIGNMENT) {
        int32_t word;
        memcpy(&word, descriptor + at, sizeof word);
        if (word == tid) {
            tid_offset = at;
            return true;
        }
    }
    return false;
}

int32_t *ilv__tid_word(pthread_t handle)
{
    return (int32_t *)(void *)((char *)handle + tid_offset);
}

static void want_of(const pthread_attr_t *attributes, struct ilv_thread_want *want)
{
    size_t stack = 0;
    size_t guard = 0;
    void *address = NULL;
    int inherit = PTHREAD_INHERIT_SCHED;
    pthread_attr_getstack(attributes, &address, &stack);
    pthread_attr_getguardsize(attributes, &guard);
    pthread_attr_getinheritsched(attributes, &inherit);
    pthread_attr_getstacksize(attributes, &stack);
    uintptr_t bottom = (uintptr_t)address;
    want->stack = stack;
    want->guard = guard;
    want->special = (bottom != 0 && bottom + stack != 0) || inherit != PTHREAD_INHERIT_SCHED;
}

static void want_by_default(struct ilv_thread_want *want)
{
    static struct ilv_thread_want known; /* pthread_setattr_default_np is not seen */
    pthread_attr_t defaults;
    if (known.stack == 0 && pthread_getattr_default_np(&defaults) == 0) {
        want_of(&defaults, &known);
        pthread_attr_destroy(&defaults);
    }
    *want = known;
}

void ilv__thread_want(const pthread_attr_t *attributes, struct ilv_thread_want *want)
{
    *want = (struct ilv_thread_want){0};
    if (attributes == NULL)
        want_by_default(want);
    else
        want_of(attributes, want);
}

void ilv__note_want(const struct ilv_thread_want *want)
{
    struct ilv_run *run = ilv__world.run;
    if (run->want_count < ILV_MAX_WANTS)
        run->want[run->want_count++] = *want;
}

int ilv__attributes_of(const struct ilv_thread_want *want, pthread_attr_t *attributes)
{
    int error = pthread_attr_init(attributes);
    if (error == 0)
        error = pthread_attr_setstacksize(attributes, want->stack);
    if (error == 0)
        error = pthread_attr_setguardsize(attributes, want->guard);
    return error;
}
