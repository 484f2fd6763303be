/* SPDX-License-Identifier: MIT */
/*
 * backend_fiber.c: all tasks of a process on one kernel thread.
 *
 * A task's thread is made by the real pthread_create, so that its stack, TLS and descriptor are
 * glibc's own. The new kernel thread saves its registers as a fiber, tells the kernel to clear a
 * word of ours when it is gone, and leaves at once without touching its stack again. From then
 * on whoever runs switches to it: stack pointer and FS base.
 *
 * Such a thread must never reach the end that glibc gives threads: that would end the kernel
 * thread on which all others live. objects/thread.c leaves from a key destructor in its last
 * round. To glibc the thread looks alive (its descriptor's tid is not zero); reap() writes the
 * zero that the kernel would have written, and joins it.
 *
 * The pool: threads are made ahead in the fork server; what a run does not find in the pool is
 * added to it before the next; a run takes them in order. A pooled thread cannot be told from a new
 * one: its stack is untouched, its TLS fresh, and until a run takes one, the process says that it
 * has a single thread (malloc, stdio and reference counts of C++ take other paths then).
 */
#include "backend.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <sys/single_threaded.h>
#include <sys/syscall.h>

/* Its kernel thread is gone and its tid may be given to a process again, that of a run above all:
 * to glibc's locks, which know owners by tid, each fiber has one that the kernel never gives. */
#define FIRST_TID 0x40000000

void ilv__fiber_switch(void **save, void *load, uint64_t fs_base) ILV_HIDDEN;
void ilv__fiber_park(void **save, int32_t *gone) ILV_HIDDEN;

/* A thread that is parked and belongs to no task yet. */
struct spare {
    void *stack_pointer;
    uint64_t fs_base;
    int32_t kernel_tid;
    pthread_t handle;
    struct ilv_thread_want want;
};

static struct spare pool[ILV_POOL_MAX];
static uint32_t pool_made;

static uint64_t fs_base_now(void)
{
    uint64_t base;
    __asm__("mov %%fs:0, %0" : "=r"(base));
    return base;
}

static void *fiber_entry(void *argument)
{
    struct spare *spare = argument;
    spare->fs_base = fs_base_now();
    ilv__fiber_park(&spare->stack_pointer, &spare->kernel_tid);
    ilv__self = ilv__world.current; /* who switched here made it so */
    return ilv__task_main(ilv__self);
}

static void wait_until_gone(int32_t *kernel_tid)
{
    int32_t value;
    while ((value = __atomic_load_n(kernel_tid, __ATOMIC_ACQUIRE)) != 0)
        ilv__syscall_raw(SYS_futex, (long)kernel_tid, FUTEX_WAIT, value, 0, 0, 0);
}

static int start_thread(struct spare *spare, const pthread_attr_t *attributes)
{
    spare->kernel_tid = 1;
    int error = ilv__real()->pthread_create(&spare->handle, attributes, fiber_entry, spare);
    if (error == 0)
        wait_until_gone(&spare->kernel_tid);
    return error;
}

static bool same_want(const struct ilv_thread_want *a, const struct ilv_thread_want *b)
{
    return a->stack == b->stack && a->guard == b->guard;
}

/* The next spare thread of such a kind; NULL if there is none or the attributes ask for more
 * than a size. */
static const struct spare *from_pool(const struct ilv_thread_want *want)
{
    if (want->special)
        return NULL;
    for (uint32_t i = 0; i < pool_made; i++) {
        uint64_t *taken = &ilv__world.spare_taken[i / 64];
        if ((*taken >> i % 64 & 1) != 0 || !same_want(&pool[i].want, want))
            continue;
        *taken |= UINT64_C(1) << i % 64;
        return &pool[i];
    }
    return NULL;
}

/* In libc, and in the copy that a program may have of it. */
static void tell_single_threaded(char single)
{
    static char *in_libc;
    if (in_libc == NULL)
        in_libc = dlvsym(RTLD_NEXT, "__libc_single_threaded", "GLIBC_2.32");
    if (in_libc != NULL && *in_libc != single)
        *in_libc = single;
    if (__libc_single_threaded != single)
        __libc_single_threaded = single;
}

static int fiber_create(struct task *t, const pthread_attr_t *attributes)
{
    struct spare one = {0};
    struct ilv_thread_want want;
    ilv__thread_want(attributes, &want);
    const struct spare *spare = from_pool(&want);
    if (spare == NULL) {
        ilv__note_want(&want);
        int error = start_thread(&one, attributes);
        if (error != 0)
            return error;
        spare = &one;
    } else {
        tell_single_threaded(0);
    }
    t->stack_pointer = spare->stack_pointer;
    t->fs_base = spare->fs_base;
    t->handle = spare->handle;
    *ilv__tid_word(t->handle) = FIRST_TID + t->index;
    t->selector = ilv__world.task[0].selector;
    return 0;
}

static void fiber_hand_over(struct task *from, struct task *to)
{
    from->fs_base = fs_base_now();
    ilv__fiber_switch(&from->stack_pointer, to->stack_pointer, to->fs_base);
}

static bool add_spare(const struct ilv_thread_want *want)
{
    pthread_attr_t attributes;
    if (pool_made == ILV_POOL_MAX)
        return false;
    if (want->special || ilv__attributes_of(want, &attributes) != 0)
        return true;
    struct spare *spare = &pool[pool_made];
    *spare = (struct spare){.want = *want};
    int error = start_thread(spare, &attributes);
    pthread_attr_destroy(&attributes);
    pool_made += error == 0;
    return error == 0;
}

/* One is there from the beginning: with its first thread libc begins to lock its streams, and that
 * is to be the same in the first run and in all others. */
static void fill_pool(void)
{
    const struct ilv_run *run = ilv__world.run;
    struct ilv_thread_want usual;
    ilv__thread_want(NULL, &usual);
    if (pool_made == 0 && !add_spare(&usual))
        return;
    for (uint32_t i = 0; i < run->want_count && add_spare(&run->want[i]); i++)
        continue;
}

static void fiber_prepare(void)
{
    char single = __libc_single_threaded;
    fill_pool();
    tell_single_threaded(single);
}

static void *fiber_reap(struct task *t)
{
    void *result = NULL;
    __atomic_store_n(ilv__tid_word(t->handle), 0, __ATOMIC_RELEASE);
    int error = ilv__real()->pthread_join(t->handle, &result);
    ILV_ASSERT(error == 0);
    t->reaped = true;
    return result;
}

const struct backend ilv__fiber = {
    .create = fiber_create,
    .hand_over = fiber_hand_over,
    .leave = fiber_hand_over,
    .prepare = fiber_prepare,
    .reap = fiber_reap,
};
