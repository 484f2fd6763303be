# SPDX-License-Identifier: MIT
"""Why a mutant survives: (file, function, what was changed[, which of several]) -> reason.

A reason begins with `equivalent`: no program can tell the difference; `needs weak memory`: a machine
or a compiler could, and neither x86 nor weak.h is one; or `not tested`: with what a test would need.
"""

DEATHS = ("equivalent: under the mutex; the order is that in which a death leaves two stores, which the "
          "machine code keeps either way")
KIND = ("needs weak memory: what it publishes is read inside glibc, where neither a detector nor weak.h "
        "looks")
DESTROYED = "equivalent: nothing is read behind the state of a destroyed lock but that state"
KNOWN = ("equivalent: who has the address of an object was given it through something that orders its "
         "making before")
UNCONDITIONAL = ("equivalent: the wake-up behind it is unconditional, and its sequence is released after "
                 "it and acquired before the look at it")
SEQUENCE = ("needs weak memory: it orders a sequentially consistent store before; in weak.h those are seen "
            "in the order in which they run")
PARENT = ("not tested: two threads of the parent, in a pool of processes, where no detector of races is "
          "run")
CANCELLED = ("equivalent: the lock was taken since the submit, or the future given out behind it, and what "
             "the canceller writes is released with DONE")
YIELDS = "not tested: a lost wake-up of who yields and looks thirty times before it parks"
COMPARED = "equivalent: the kernel compares the word again before it lets anybody sleep"
COPIED = "equivalent: who is done with a place has read it under the lock"
CLAIMED = "equivalent: who claims has acquired tail; who settles has joined the worker"
REGISTRY = "not tested: several threads that start, ask for and end processes at once, under a detector"
RECEIVERS = "not tested: several threads that receive this way from one end"
LEAK = "not tested: a leak, or what only many parts or strays at once show"

REASONS = {
    ("arena.c", "ilv__arena_reserve", "if (error == EINTR)"):
        "not tested: a signal in the middle of that one system call",
    ("barrier.c", "ilv_barrier_wait_until", "store of &barrier->arrived: RELEASE -> RELAXED"): DEATHS,
    ("bounded_semaphore.c", "take", "store of &semaphore->held[place]: RELEASE -> RELAXED"): DEATHS,
    ("bounded_semaphore.c", "ilv_bounded_semaphore_release",
     "store of &semaphore->held[place]: RELEASE -> RELAXED"): DEATHS,
    ("heap.c", "clear", "not noted: put(arena, at + 16, 0)"):
        "not tested: a block out of the middle of a bin, in an arena that cannot grow",
    ("heap.c", "grow", "not noted: put(arena, to - 8, MARK | USED | BEFORE_FREE)"):
        "equivalent: it lies behind the end that is put back, where the next growth writes it anew",
    ("heap.c", "ilv__heap_make", "not noted: put(arena, size - 8, MARK | USED | BEFORE_FREE)"):
        "equivalent: an arena whose maker died has no magic number and is never used",
    ("heap.c", "ilv__heap_make", "store of &heap->magic: RELEASE -> RELAXED"):
        "needs weak memory: who attaches is another process, which no detector follows",
    ("list.c", "change_table", "not noted: change(list, &list->first, 0)"):
        "not tested: a death while a list grows whose first item is not in the first cell",
    ("loop.c", "ilv_loop_free", "if (loop->ready.first != NULL)"):
        "not tested: a leak, which memcheck's campaign of the coroutines tells",
    ("memory.h", "ilv__then", "signal_fence of __ATOMIC_SEQ_CST: SEQ_CST -> ACQ_REL"):
        "equivalent: for a thread and itself all fences are one to the compiler",
    ("mutex.c", "ilv__mutex_destroy", "store of &mutex->state: RELEASE -> RELAXED"): DESTROYED,
    ("mutex.c", "ilv__mutex_first_use", "load of &mutex->state: ACQUIRE -> RELAXED"): KIND,
    ("mutex.c", "ilv__mutex_first_use", "store of &mutex->state: RELEASE -> RELAXED"): KIND,
    ("mutex.h", "ilv__mutex_ready", "load of &mutex->state: ACQUIRE -> RELAXED"): KIND,
    ("object.c", "ilv__object_is", "load of &head->kind: ACQUIRE -> RELAXED"): KNOWN,
    ("object.c", "ilv__object_make", "store of &object->kind: RELEASE -> RELAXED"): KNOWN,
    ("pool.c", "end_workers", "no wake_workers(pool->area)"):
        "not tested: threads of which the first can be started and the last cannot",
    ("pool.c", "end_workers", "store of &pool->area->closing: SEQ_CST -> RELEASE"): UNCONDITIONAL,
    ("pool.c", "enter", "store of &slot->state: RELEASE -> RELAXED"):
        "equivalent: who claims or cancels has acquired tail, or the lock, which are released behind it",
    ("pool.c", "make_way", "if (tail - head > pool->ring_mask)"):
        "equivalent: tail grows by one at a time, so that one step is always enough",
    ("pool.c", "stop", "store of &pool->area->closing: SEQ_CST -> RELEASE"): UNCONDITIONAL,
    ("pool.c", "wake_workers", "fetch_add of &area->sequence: RELEASE -> RELAXED"): SEQUENCE,
    ("pool.c", "ilv_pool_worker_pid", "no pthread_mutex_lock(&pool->lock) and its end"): PARENT,
    ("pool_keeper.c", "start_process", "no pthread_mutex_lock(&worker->pool->lock) and its end"): PARENT,
    ("pool_future.c", "ilv__future_finish", "fetch_add of &finishes: RELEASE -> RELAXED"): SEQUENCE,
    ("pool_future.c", "wait_any", "load of &finishes: ACQUIRE -> RELAXED"): SEQUENCE,
    ("pool_future.c", "ilv_future_wait_any", "fetch_sub of &any_waiters: RELEASE -> RELAXED"):
        "equivalent: it is a count, and too many who wait cost a system call",
    **{("pool_future.c", "ilv_future_cancel",
        f"compare_exchange of &ilv__pool_slot(pool, future->slot)->state: ACQ_REL -> {new}"): CANCELLED
       for new in ("ACQUIRE", "RELEASE")},
    **{("pool_keeper.c", "cancel_waiting", f"compare_exchange of word: ACQ_REL -> {new}"): CANCELLED
       for new in ("ACQUIRE", "RELEASE")},
    ("pool_keeper.c", "cancel_waiting", "load of word: ACQUIRE -> RELAXED"): CANCELLED,
    ("pool_keeper.c", "settle",
     "load of &ilv__pool_slot(pool, at)->state: ACQUIRE -> RELAXED"):
        "equivalent: the worker whose slots these are has been joined",
    ("pool_keeper.c", "ilv__keeper_tell", "exchange of &pool->area->listening: SEQ_CST -> ACQ_REL"):
        "equivalent: the load before it is the one that must not be old; who finds 1 writes",
    ("pool_keeper.c", "ilv__keeper_tell", "if (wrote < 0 && errno == EINTR)"):
        "equivalent: a write that does not block is not interrupted",
    ("pool_keeper.c", "collect", "exchange of done: SEQ_CST -> ACQ_REL"):
        "equivalent: the load before it is the one that must not be old",
    ("pool_keeper.c", "has_tasks", "load of &pool->area->tail: SEQ_CST -> ACQUIRE"):
        "equivalent: it counts when the pool is closing, and the lock was taken since the last submit",
    ("rwlock.c", "ilv_rwlock_destroy", "store of &rwlock->gate.state: RELEASE -> RELAXED"): DESTROYED,
    ("pool_keeper.c", "await_news", "store of &pool->area->listening: SEQ_CST -> RELEASE"):
        "equivalent: who finds an old 1 writes the counter once more",
    ("pool_keeper.c", "break_pool", "no give_room(pool)"):
        "not tested: who waits for a slot while the last initialiser fails",
    ("pool_keeper.c", "break_pool", "no pthread_mutex_lock(&pool->lock) and its end"):
        "not tested: a submit while the last initialiser fails",
    ("pool_keeper.c", "bury", "no pthread_mutex_lock(&pool->lock) and its end"): PARENT,
    ("pool_keeper.c", "replace", "load of &pool->area->closing: SEQ_CST -> ACQUIRE"):
        "equivalent: the lock is taken before it",
    ("pool_map.c", "submit_more",
     "if (!error && results->under_way < results->window && results->submitte...)"):
        "equivalent: less is under way at once; it is called again for each result",
    ("pool_worker.c", "await_task", "load of &area->closing: SEQ_CST -> ACQUIRE"): UNCONDITIONAL,
    ("pool_worker.c", "await_task", "load of &area->sequence: ACQUIRE -> RELAXED"): SEQUENCE,
    **{("pool_worker.c", "ilv__claim",
        f"compare_exchange of &ilv__pool_slot(pool, at)->state: ACQ_REL -> {new}"): CLAIMED
       for new in ("ACQUIRE", "RELEASE")},
    ("pool_worker.c", "ilv__slot_finish",
     "store of &ilv__pool_slot(pool, slot)->state: RELEASE -> RELAXED"):
        "equivalent: the bit in done is released behind it and acquired before a look at the slot",
    ("pool_worker.c", "is_empty", "load of &area->tail: SEQ_CST -> ACQUIRE"):
        "equivalent: the claim before it has looked at tail",
    ("pool_worker.c", "left_by_exit", "store of &running->worker->ended: SEQ_CST -> RELEASE"):
        "not tested: a thread that leaves by pthread_exit, with weak words",
    ("queue.c", "closed", "load of &queue->closed: SEQ_CST -> ACQUIRE"): YIELDS,
    ("queue.c", "ilv_queue_destroy", "store of &queue->magic: SEQ_CST -> RELEASE"): UNCONDITIONAL,
    ("queue.c", "ilv_queue_init", "store of &queue->magic: RELEASE -> RELAXED"): KNOWN,
    ("queue.c", "ilv_queue_init", "store of &queue->magic: SEQ_CST -> RELEASE"): KNOWN,
    ("queue.c", "ready_count", "load of &queue->ready: SEQ_CST -> ACQUIRE"): YIELDS,
    ("queue.c", "repair", "no ilv__ring_repair(queue)"):
        "not tested: a death between two instructions, tried by the campaign of tasks only",
    ("queue.c", "ring_count", "load of &queue->head: SEQ_CST -> ACQUIRE"): YIELDS,
    ("queue.c", "ring_count", "load of &queue->tail: SEQ_CST -> ACQUIRE"): YIELDS,
    ("queue.c", "try_getting", "load of &queue->joiners.waiting: SEQ_CST -> ACQUIRE"):
        "not tested: a join whose last element is got, not taken, with weak words",
    ("queue.c", "valid", "load of &queue->magic: ACQUIRE -> RELAXED"): KNOWN,
    ("queue.c", "wait_in", "load of &channel->sequence: ACQUIRE -> RELAXED"): SEQUENCE,
    ("queue.c", "wake_all", "fetch_add of &channel->sequence: RELEASE -> RELAXED"): SEQUENCE,
    ("queue.c", "wake_everybody", "no wake_all(&queue->joiners)"):
        "not tested: a join that waits while the queue is destroyed",
    ("queue_ring.c", "deliver_again", "store of &place->owner: SEQ_CST -> RELEASE"): YIELDS,
    ("queue_ring.c", "free_place", "load of &place->owner: ACQUIRE -> RELAXED"): COPIED,
    ("queue_ring.c", "get_first", "store of &queue->head: SEQ_CST -> RELEASE"): YIELDS,
    ("queue_ring.c", "ilv__ring_get", "load of &queue->closed: SEQ_CST -> ACQUIRE"): YIELDS,
    ("queue_ring.c", "ilv__ring_put", "load of &queue->head: SEQ_CST -> ACQUIRE"): YIELDS,
    ("queue_ring.c", "take_first", "store of &place->owner: RELEASE -> RELAXED"): COPIED,
    ("queue_ring.c", "take_first", "store of &queue->head: SEQ_CST -> RELEASE"): YIELDS,
    ("semaphore.c", "ilv_semaphore_release_many",
     "compare_exchange of &semaphore->units: SEQ_CST -> ACQ_REL"): COMPARED,
    ("semaphore.c", "take", "load of &semaphore->units: SEQ_CST -> ACQUIRE"): COMPARED,
    **{("process.c", function, "no ilv__registry_lock() and its end", *nth): REGISTRY
       for function, *nth in (("set_name",), ("ilv_process_start",), ("ilv_process_start", 2),
                              ("look",), ("ilv_process_signal",), ("ilv_process_children",),
                              ("signal_daemons",), ("first_child",))},
    ("process.c", "in_forked_child", "no ilv__watch_forget()"):
        "equivalent: where there are pidfds nothing is held",
    ("process.c", "reap_ended", "if ((error = look(process, &stage)) == 0 && stage == ILV__STARTED)"):
        "not tested: a child that is traced by another process when it ends",
    ("process_start.c", "begin_forking", "exchange of &forking: ACQUIRE -> RELAXED"):
        "needs weak memory: the words that it guards are descriptors of the kernel",
    ("pipe.c", "free_messages", "if (message)"): LEAK,
    ("pipe.c", "push_ready", "if (*at)"): LEAK,
    ("pipe.c", "drop_orphans", "if (*at)"): LEAK,
    ("pipe.c", "begin_part", "no drop_orphans(end)"): LEAK,
    ("pipe.c", "ilv_pipe_receive_new", "no ilv__pipe_begin(end, deadline) and its end"): RECEIVERS,
    ("pipe_descriptor.c", "send_beside", "if (sendmsg(end->side, &message, MSG_NOSIGNAL) < 0)"):
        "not tested: a socket that is full of descriptors",
    ("pipe_descriptor.c", "find_descriptor", "if (receive_beside(end, &stray))"): LEAK,
    ("pipe_descriptor.c", "ilv_pipe_receive_descriptor",
     "no ilv__pipe_begin(end, deadline) and its end"): RECEIVERS,
    ("thread.c", "one_that_keeps_us", "no pthread_mutex_lock(&registry) and its end"):
        "not tested: an exit while other threads are started",
    ("thread.c", "ilv_thread_free", "no pthread_mutex_lock(&registry) and its end"):
        "not tested: a handle that is freed while exit begins",
}
