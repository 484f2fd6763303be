/* SPDX-License-Identifier: MIT */
/*
 * inherited.c: locks in the private memory of a forked child, held by threads that it has not.
 *
 * The child's copy of a mutex that was held at the fork says that a thread of the parent holds it.
 * That thread is not in this process and will never give this copy up. Who is about to wait for it
 * does what the kernel does at a death: writes FUTEX_OWNER_DIED over the holder, so that the next
 * who locks gets EOWNERDEAD. The word is glibc's, its meaning is the kernel's. It is done
 *
 *   only in a child of fork     the handler of self.c says so
 *   only in private memory      in shared memory the holder is what it says
 *   only if the holder is no thread of this process
 *
 * A holder that comes in between has written its own number, and the exchange fails.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mutex.h"

bool ilv__forked;

static bool is_of_this_process(uint32_t tid)
{
    int saved = errno;
    bool found = syscall(SYS_tgkill, getpid(), tid, 0) == 0 || errno != ESRCH;
    errno = saved;
    return found;
}

void ilv__mutex_disinherit(struct ilv_mutex *mutex)
{
    int *word = &mutex->lock.__data.__lock;
    int seen = __atomic_load_n(word, __ATOMIC_RELAXED);
    uint32_t holder = (uint32_t)seen & FUTEX_TID_MASK;
    if (holder == 0 || ilv__reach(mutex, &mutex->reach) == ILV__SHARED ||
        is_of_this_process(holder))
        return;
    int died = (int)(((uint32_t)seen & FUTEX_WAITERS) | FUTEX_OWNER_DIED);
    __atomic_compare_exchange_n(word, &seen, died, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}
