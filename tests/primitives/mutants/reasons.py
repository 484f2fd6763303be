# SPDX-License-Identifier: MIT
"""Why a mutant survives: (file, function, what was changed[, which of several]) -> reason.

A reason begins with `equivalent`: no program can tell the difference; `needs weak memory`: a machine
or a compiler could, and neither x86 nor weak.h is one; or `not tested`: with what a test would need.
mutants.py fails if one stands here whose mutant is killed or does not exist.
"""

DEATHS = ("equivalent: under the mutex; the order is that in which a death leaves two stores, which the "
          "machine code keeps either way")
KIND = ("needs weak memory: what it publishes is read inside glibc, where neither a detector nor weak.h "
        "looks")
SEQUENCE = ("needs weak memory: it orders a sequentially consistent store before; in weak.h those are seen "
            "in the order in which they run")
KERNEL = "needs weak memory: the words that it guards are descriptors of the kernel"
BY_ITSELF = ("needs weak memory: where somebody watches glibc locks, so neither a detector nor weak.h looks "
             "here")
REASONS = {
    ("barrier.c", "arrive", "store of &barrier->arrived: RELEASE -> RELAXED"): DEATHS,
    ("barrier.c", "refuse", "no ilv__wake(&barrier->round, ILV__ALL)"):
        "equivalent: only where one died, so in shared memory, where who waits looks again",
    ("bounded_semaphore.c", "take", "store of &semaphore->held[place]: RELEASE -> RELAXED"): DEATHS,
    ("bounded_semaphore.c", "ilv_bounded_semaphore_release",
     "store of &semaphore->held[place]: RELEASE -> RELAXED"): DEATHS,
    ("heap.c", "ilv__heap_make", "store of &heap->magic: RELEASE -> RELAXED"):
        "needs weak memory: who attaches is another process, which no detector follows",
    ("memory.h", "ilv__then", "signal_fence of __ATOMIC_SEQ_CST: SEQ_CST -> ACQ_REL"):
        "equivalent: for a thread and itself all fences are one to the compiler",
    ("mutex.c", "ilv__mutex_first_use", "load of &mutex->state: ACQUIRE -> RELAXED"): KIND,
    ("mutex.c", "ilv__mutex_first_use", "store of &mutex->state: RELEASE -> RELAXED"): KIND,
    ("mutex.c", "leave_lost", "no ilv__wake((uint32_t *)word, ILV__ALL)"):
        "not tested: one that comes to a lost mutex between two instructions of glibc's trylock",
    ("mutex.c", "try_while_looking",
     "if ((__atomic_load_n(&mutex->lock.__data.__lock, __ATOMIC_RELAXED) & FU...)"):
        "equivalent: an attempt that comes too early fails, and the caller sleeps",
    ("mutex.h", "ilv__mutex_ready", "load of &mutex->state: ACQUIRE -> RELAXED"): KIND,
    ("pool.c", "end_workers", "no wake_workers(pool->area)"):
        "not tested: threads of which the first can be started and the last cannot",
    ("pool_future.c", "ilv__future_finish", "fetch_add of &finishes: RELEASE -> RELAXED"): SEQUENCE,
    ("pool_future.c", "wait_any", "load of &finishes: ACQUIRE -> RELAXED"): SEQUENCE,
    ("pool_keeper.c", "break_pool", "no pthread_mutex_lock(&pool->lock) and its end"):
        "not tested: a submit right behind the store, which ThreadSanitizer meets now and then",
    ("pool_worker.c", "ilv__slot_finish",
     "store of &ilv__pool_slot(pool, slot)->state: RELEASE -> RELAXED"):
        "equivalent: the bit in done is released behind it and acquired before a look at the slot; for "
        "a death between the two the machine code keeps the order",
    ("process.c", "leave_awaited", "no ilv__registry_lock() and its end"):
        "not tested: another thread that frees the process between two instructions of an exit",
    ("process_start.c", "begin_forking", "exchange of &forking: ACQUIRE -> RELAXED"): KERNEL,
    ("process_start.c", "end_forking", "store of &forking: RELEASE -> RELAXED"): KERNEL,
    ("queue.c", "ilv_queue_init", "store of &queue->magic: RELEASE -> RELAXED"):
        "equivalent: who has the address was given it behind the making; for a death in the making the "
        "machine code keeps the order",
    ("queue.c", "all_done", "no ilv__queue_lock(queue, &queue->lock) and its end"):
        "not tested: a join that sees the head that a taker moved and not yet what it has in hand",
    ("queue_heap.c", "set_owner", "store of &place->owner: RELEASE -> RELAXED"): DEATHS,
    ("queue_ring.c", "take_first", "store of &place->owner: RELEASE -> RELAXED"): DEATHS,
    ("robust.h", "ilv__robust_step", "signal_fence of __ATOMIC_SEQ_CST: SEQ_CST -> ACQ_REL"):
        "equivalent: for a thread and itself all fences are one to the compiler",
    ("robust.h", "ilv__robust_free", "exchange of &m->__lock: RELEASE -> RELAXED"): BY_ITSELF,
    ("robust.h", "ilv__robust_lock", "compare_exchange of &m->__lock: ACQUIRE -> RELAXED"): BY_ITSELF,
    ("semaphore.c", "ilv_semaphore_release_many",
     "compare_exchange of &semaphore->units: SEQ_CST -> ACQ_REL"):
        "needs weak memory: a store that is seen later than a load behind it; in weak.h it is there at "
        "once",
}
