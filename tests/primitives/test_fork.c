/* SPDX-License-Identifier: MIT */
/*
 * What the child of a fork finds in its copy of private memory, where another thread held a lock or
 * waited: nothing that hangs it; and in shared memory: what is.
 */
#include <errno.h>
#include <ilv/barrier.h>
#include <ilv/bounded_semaphore.h>
#include <ilv/mutex.h>
#include <ilv/rlock.h>
#include <ilv/rwlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors.h"
#include "ilv_test.h"

struct stage {
    struct ilv_mutex mutex;
    struct ilv_rlock rlock;
    struct ilv_rwlock rwlock;
    struct ilv_bounded_semaphore bounded;
    struct ilv_barrier barrier;
    uint32_t step;
    uint32_t ends;
};

static int hold_all(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_mutex_lock(&stage->mutex) + ilv_rlock_lock(&stage->rlock) +
                ilv_rwlock_write_lock(&stage->rwlock);
    tell(&stage->step, 1);
    await(&stage->ends, 1);
    return error + ilv_rwlock_unlock(&stage->rwlock) + ilv_rlock_unlock(&stage->rlock) +
           ilv_mutex_unlock(&stage->mutex);
}

/* What function gives in a child that is forked while another thread holds all locks; 0 to 255. */
static int in_child(struct stage *stage, int (*function)(struct stage *stage))
{
    int ended = 0;
    struct actor holder = start(hold_all, stage);
    await(&stage->step, 1);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(function(stage));
    ILV_CHECK_INT(waitpid(pid, &ended, 0), pid);
    tell(&stage->ends, 1);
    ILV_CHECK_INT(end_of(&holder), 0);
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : -WTERMSIG(ended);
}

static int lock_mutex(struct stage *stage)
{
    if (ilv_mutex_lock(&stage->mutex) != EOWNERDEAD || ilv_mutex_consistent(&stage->mutex) != 0)
        return 1;
    return ilv_mutex_unlock(&stage->mutex) + ilv_mutex_lock(&stage->mutex);
}

static int lock_others(struct stage *stage)
{
    if (ilv_rlock_try_lock(&stage->rlock) != EOWNERDEAD ||
        ilv_rwlock_read_lock(&stage->rwlock) != EOWNERDEAD)
        return 1;
    if (ilv_rlock_consistent(&stage->rlock) != 0 || ilv_rwlock_consistent(&stage->rwlock) != 0)
        return 2;
    return ilv_rlock_unlock(&stage->rlock) + ilv_rwlock_unlock(&stage->rwlock);
}

static void a_child_gets_what_another_thread_held(void)
{
    struct stage *stage = share(sizeof *stage);
    ILV_CHECK_INT(in_child(stage, lock_mutex), 0);
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
}

static void a_child_gets_locks_of_all_kinds(void)
{
    struct stage *stage = share(sizeof *stage);
    ILV_CHECK_INT(in_child(stage, lock_others), 0);
    ILV_CHECK_INT(ilv_rwlock_write_lock(&stage->rwlock), 0);
}

static int try_shared(struct stage *stage)
{
    return ilv_mutex_try_lock(&stage->mutex);
}

static void in_shared_memory_the_parent_still_holds_it(void)
{
    struct stage *stage =
        mmap(NULL, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ILV_CHECK(stage != MAP_FAILED);
    ILV_CHECK_INT(in_child(stage, try_shared), EBUSY);
}

/* Two threads of the child itself: one holds, the other does not get it. */
static int try_it(void *argument)
{
    struct stage *stage = argument;
    return ilv_mutex_try_lock(&stage->mutex);
}

static int two_in_child(struct stage *stage)
{
    if (lock_mutex(stage) != 0)
        return 1;
    struct actor other = start(try_it, stage);
    return end_of(&other);
}

static void a_thread_of_the_child_keeps_what_it_holds(void)
{
    struct stage *stage = share(sizeof *stage);
    ILV_CHECK_INT(in_child(stage, two_in_child), EBUSY);
}

static int come(void *argument)
{
    struct stage *stage = argument;
    return ilv_barrier_wait(&stage->barrier, NULL);
}

static int use_both(struct stage *stage)
{
    if (ilv_bounded_semaphore_acquire(&stage->bounded) != 0)
        return 1;
    if (ilv_barrier_reset(&stage->barrier) != 0)
        return 2;
    return (int)ilv_barrier_waiting(&stage->barrier);
}

static void a_child_finds_units_free_and_can_reset_a_barrier(void)
{
    struct stage *stage = share(sizeof *stage);
    ilv_bounded_semaphore_init(&stage->bounded, 1);
    ilv_barrier_init(&stage->barrier, 2);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), 0);
    struct actor waiter = start(come, stage);
    await_sleep(&waiter);
    ILV_CHECK_INT(in_child(stage, use_both), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_try_acquire(&stage->bounded), EAGAIN);
    ILV_CHECK_INT(come(stage), 0);
    ILV_CHECK_INT(end_of(&waiter), 0);
}

ILV_SUITE(fork, ILV_TEST(a_child_gets_what_another_thread_held),
          ILV_TEST(a_child_gets_locks_of_all_kinds),
          ILV_TEST(in_shared_memory_the_parent_still_holds_it),
          ILV_TEST(a_thread_of_the_child_keeps_what_it_holds),
          ILV_TEST(a_child_finds_units_free_and_can_reset_a_barrier));
