/* SPDX-License-Identifier: MIT */
/*
 * backend_baton.c: every task on a kernel thread of its own; they sleep on futexes, and the one
 * that has the baton runs.
 *
 * A thread that ends hands the baton on before its kernel thread is gone. Whoever gets it waits
 * until the kernel has cleared the dead thread's tid word: else what the dying thread still does
 * in glibc (freeing its caches) would run beside the next task, and equal runs would differ.
 */
#include "backend.h"

#include <linux/futex.h>
#include <sys/syscall.h>

#include "intercept/sanitizer.h"
#include "objects/signal.h"

static struct task *leaving; /* handed over, and may still be running glibc's end of a thread */

static void futex_wait(uint32_t *word, uint32_t value)
{
    ilv__syscall_raw(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
}

static void await_baton(struct task *t)
{
    while (__atomic_load_n(&t->wake, __ATOMIC_ACQUIRE) == 0)
        futex_wait(&t->wake, 0);
    t->wake = 0;
    if (leaving == NULL)
        return;
    int32_t *tid = ilv__tid_word(leaving->handle);
    int32_t value;
    while ((value = __atomic_load_n(tid, __ATOMIC_ACQUIRE)) != 0)
        ilv__syscall_raw(SYS_futex, (long)tid, FUTEX_WAIT, value, 0, 0, 0);
    leaving = NULL;
}

static void give_baton(struct task *to)
{
    __atomic_store_n(&to->wake, 1u, __ATOMIC_RELEASE);
    ilv__syscall_raw(SYS_futex, (long)&to->wake, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

static void *baton_entry(void *argument)
{
    struct task *t = argument;
    ilv__self = t;
    await_baton(t);
    ilv__trap_arm_thread();
    ilv__fault_thread();
    return ilv__task_main(t);
}

static int baton_create(struct task *t, const pthread_attr_t *attributes)
{
    struct ilv_thread_start start = ilv__sanitizer_start(t, baton_entry);
    return ilv__real()->pthread_create(&t->handle, attributes, start.routine, start.argument);
}

static void baton_hand_over(struct task *from, struct task *to)
{
    give_baton(to);
    await_baton(from);
}

static void baton_leave(struct task *from, struct task *to)
{
    leaving = from;
    give_baton(to);
}

static void *baton_reap(struct task *t)
{
    void *result = NULL;
    int error = ilv__real()->pthread_join(t->handle, &result);
    ILV_ASSERT(error == 0);
    t->reaped = true;
    return result;
}

const struct backend ilv__baton = {
    .create = baton_create,
    .hand_over = baton_hand_over,
    .leave = baton_leave,
    .reap = baton_reap,
};
