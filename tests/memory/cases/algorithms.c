/* SPDX-License-Identifier: MIT */
/*
 * Algorithms that are right because of the order of their atomic operations. Fault 1 takes one
 * order away, fault 2 another.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

#include "cases.h"

/* What a fault makes of an order. */
static memory_order unless(int number, memory_order order)
{
    return fault == number ? memory_order_relaxed : order;
}

/* ---- seqlock ------------------------------------------------------------------------------ */

/* Its data are atomic and relaxed (H. Boehm, "Can seqlocks get along with programming language
 * memory models?", MSPC 2012). Fault 1: the data are plain.
 * [wrong seqlock 1: plain_pair at write plain, read plain] */
static atomic_uint sequence;
static atomic_int pair[2];
static int plain_pair;

static void *seqlock_writes(void *argument)
{
    for (int i = 1; i < 3; i++) {
        unsigned now = atomic_load_explicit(&sequence, memory_order_relaxed);
        atomic_store_explicit(&sequence, now + 1, memory_order_relaxed);
        atomic_thread_fence(memory_order_release);
        atomic_store_explicit(&pair[0], i, memory_order_relaxed);
        atomic_store_explicit(&pair[1], i, memory_order_relaxed);
        if (fault == 1)
            plain_pair = i; /* write plain */
        atomic_store_explicit(&sequence, now + 2, memory_order_release);
    }
    return argument;
}

static void *seqlock_reads(void *argument)
{
    unsigned before;
    int a;
    int b;
    do {
        before = atomic_load_explicit(&sequence, memory_order_acquire);
        a = atomic_load_explicit(&pair[0], memory_order_relaxed);
        b = atomic_load_explicit(&pair[1], memory_order_relaxed);
        if (fault == 1)
            a = b = plain_pair; /* read plain */
        atomic_thread_fence(memory_order_acquire);
    } while ((before & 1) != 0 || before != atomic_load_explicit(&sequence, memory_order_relaxed));
    holds(a == b);
    return argument;
}

static void seqlock(void)
{
    run_both(seqlock_writes, seqlock_reads);
}

/* ---- double-checked locking --------------------------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(int *) instance;
static int thing;

/* [wrong double-checked 1: thing at make the thing, use the thing]
 * [wrong double-checked 2: thing at make the thing, use the thing] */
static void *gets_instance(void *argument)
{
    int *p = atomic_load_explicit(&instance, unless(1, memory_order_acquire));
    if (p == NULL) {
        lock(&mutex);
        p = atomic_load_explicit(&instance, memory_order_relaxed);
        if (p == NULL) {
            thing = 3; /* make the thing */
            p = &thing;
            atomic_store_explicit(&instance, p, unless(2, memory_order_release));
        }
        unlock(&mutex);
    }
    holds(*p == 3); /* use the thing */
    return argument;
}

static void double_checked(void)
{
    run_threads(3, gets_instance);
}

/* ---- reference counting --------------------------------------------------------------------- */

struct counted {
    atomic_int references;
    int value;
};
static struct counted *counted;

/* Fault 1: the last use is not released, fault 2: not acquired.
 * [wrong references 1: heap of make the counted at last use, free the counted |
 * drop the reference, free the counted]
 * [wrong references 2: heap of make the counted at last use, free the counted |
 * drop the reference, free the counted] */
static void drop(void)
{
    const memory_order order = unless(1, memory_order_release);
    int before = atomic_fetch_sub_explicit(&counted->references, 1, order); /* drop the reference */
    if (before != 1)
        return;
    atomic_thread_fence(unless(2, memory_order_acquire));
    free(counted); /* free the counted */
}

static void *uses_and_drops(void *argument)
{
    counted->value = 2; /* last use */
    drop();
    return argument;
}

static void *drops(void *argument)
{
    drop();
    return argument;
}

static void references(void)
{
    counted = malloc(sizeof *counted); /* make the counted */
    must(counted == NULL);
    atomic_init(&counted->references, 2);
    counted->value = 0;
    run_both(uses_and_drops, drops);
}

/* ---- stack and pool with tagged pointers ---------------------------------------------------- */

enum { NODES = 4 };
static struct node {
    atomic_uint next;
    int value;
} nodes[NODES];
static _Atomic uint64_t top; /* index + 1, and a tag in the high half */

static void push(unsigned index)
{
    uint64_t old = atomic_load_explicit(&top, memory_order_relaxed);
    uint64_t new;
    do {
        atomic_store_explicit(&nodes[index].next, (unsigned)old, memory_order_relaxed);
        new = ((old >> 32) + 1) << 32 | (index + 1);
    } while (!atomic_compare_exchange_weak_explicit(
        &top, &old, new, unless(1, memory_order_release), memory_order_relaxed));
}

static unsigned pop(void)
{
    uint64_t old = atomic_load_explicit(&top, memory_order_acquire);
    uint64_t new;
    unsigned index;
    do {
        index = (unsigned)old;
        if (index == 0)
            return NODES;
        unsigned next = atomic_load_explicit(&nodes[index - 1].next, memory_order_relaxed);
        new = ((old >> 32) + 1) << 32 | next;
    } while (!atomic_compare_exchange_weak_explicit(
        &top, &old, new, unless(2, memory_order_acquire), unless(2, memory_order_acquire)));
    return index - 1;
}

/* A pool of nodes without a lock: who takes one owns its value.
 * [wrong tagged-stack 1: nodes at own the node, own the node] */
static void *takes_nodes(void *argument)
{
    for (int i = 0; i < 2; i++) {
        unsigned mine = pop();
        if (mine == NODES)
            continue;
        nodes[mine].value++; /* own the node */
        push(mine);
    }
    return argument;
}

static void tagged_stack(void)
{
    for (unsigned i = 0; i < 2; i++)
        push(i);
    run_both(takes_nodes, takes_nodes);
}

/* A pool under a lock. Fault 1: it is given back without. */
static int *free_list[NODES];
static int free_count;

/* [wrong locked-pool 1: free_count at take it, give it back] */
static void *uses_pool(void *argument)
{
    for (int i = 0; i < 2; i++) {
        lock(&mutex);
        int *mine = free_count > 0 ? free_list[--free_count] : NULL; /* take it */
        unlock(&mutex);
        if (mine == NULL)
            continue;
        ++*mine;
        if (fault == 0)
            lock(&mutex);
        free_list[free_count++] = mine; /* give it back */
        if (fault == 0)
            unlock(&mutex);
    }
    return argument;
}

static void locked_pool(void)
{
    static int room[2];
    free_list[0] = &room[0];
    free_list[1] = &room[1];
    free_count = 2;
    run_both(uses_pool, uses_pool);
}

/* ---- ring of one producer and one consumer -------------------------------------------------- */

enum { RING = 2, ITEMS = 4 };
static int ring[RING];
static atomic_uint head;
static atomic_uint tail;

/* [wrong ring 1: ring at fill, empty]
 * [wrong ring 2: ring at fill, empty] */
static void *produces(void *argument)
{
    for (unsigned i = 0; i < ITEMS; i++) {
        while (i - atomic_load_explicit(&tail, unless(2, memory_order_acquire)) == RING)
            sched_yield();
        ring[i % RING] = (int)i; /* fill */
        atomic_store_explicit(&head, i + 1, unless(1, memory_order_release));
    }
    return argument;
}

static void *consumes(void *argument)
{
    for (unsigned i = 0; i < ITEMS; i++) {
        while (atomic_load_explicit(&head, memory_order_acquire) == i)
            sched_yield();
        holds(ring[i % RING] == (int)i); /* empty */
        atomic_store_explicit(&tail, i + 1, memory_order_release);
    }
    return argument;
}

static void ring_of_two(void)
{
    run_both(produces, consumes);
}

/* ---- publication ---------------------------------------------------------------------------- */

static _Atomic(int *) published;
static atomic_int readers_left;

static void *reads_published(void *argument)
{
    int *p = atomic_load_explicit(&published, memory_order_acquire);
    holds(*p == 1 || *p == 2); /* read the version */
    atomic_fetch_sub_explicit(&readers_left, 1, unless(2, memory_order_release));
    return argument;
}

/* A new version is published, and the old one freed when no reader can have it any more.
 * [wrong published 1: heap of make a version at make the new version, read the version]
 * [wrong published 2: heap of make the version at retire the version, read the version] */
static void *publishes(void *argument)
{
    int *old = atomic_load_explicit(&published, memory_order_relaxed);
    int *new = malloc(sizeof *new); /* make a version */
    must(new == NULL);
    *new = 2; /* make the new version */
    atomic_store_explicit(&published, new, unless(1, memory_order_release));
    while (atomic_load_explicit(&readers_left, memory_order_acquire) != 0)
        sched_yield();
    free(old); /* retire the version */
    return argument;
}

static void publication(void)
{
    int *first = malloc(sizeof *first); /* make the version */
    must(first == NULL);
    *first = 1;
    atomic_init(&published, first);
    atomic_init(&readers_left, 2);
    pthread_t a = thread(publishes, NULL);
    pthread_t b = thread(reads_published, NULL);
    pthread_t c = thread(reads_published, NULL);
    join(a);
    join(b);
    join(c);
    free(atomic_load(&published));
}

/* ---- locks ---------------------------------------------------------------------------------- */

static atomic_uint ticket;
static atomic_uint served;
static int guarded;

/* [wrong ticket-lock 1: guarded at under a ticket, under a ticket]
 * [breaks ticket-lock 2: exit-status] */
static void *takes_ticket(void *argument)
{
    unsigned mine = atomic_fetch_add_explicit(&ticket, 1, memory_order_relaxed);
    while (fault != 2 && atomic_load_explicit(&served, memory_order_acquire) != mine)
        sched_yield();
    guarded++; /* under a ticket */
    atomic_store_explicit(&served, mine + 1, unless(1, memory_order_release));
    return argument;
}

static void ticket_lock(void)
{
    run_threads(3, takes_ticket);
    holds(guarded == 3);
}

static atomic_int wants[2];
static atomic_int turn;

/* [wrong peterson 1: guarded at under peterson, under peterson] */
static void *peterson(void *argument)
{
    int me = (int)(long)argument;
    atomic_store(&wants[me], 1);
    atomic_store_explicit(&turn, 1 - me, unless(1, memory_order_seq_cst));
    while (atomic_load(&wants[1 - me]) && atomic_load(&turn) == 1 - me)
        sched_yield();
    guarded++; /* under peterson */
    atomic_store_explicit(&wants[me], 0, unless(1, memory_order_seq_cst));
    return NULL;
}

static void petersons_lock(void)
{
    run_threads(2, peterson);
    holds(guarded == 2);
}

struct waiter {
    _Atomic(struct waiter *) next;
    atomic_int locked;
};
static _Atomic(struct waiter *) last;

/* [wrong mcs 1: guarded at under mcs, under mcs] */
static void *queues_up(void *argument)
{
    struct waiter me = {NULL, 1};
    struct waiter *before = atomic_exchange_explicit(&last, &me, memory_order_acq_rel);
    if (before != NULL) {
        atomic_store_explicit(&before->next, &me, memory_order_release);
        while (atomic_load_explicit(&me.locked, unless(1, memory_order_acquire)))
            sched_yield();
    }
    guarded++; /* under mcs */
    struct waiter *self = &me;
    if (atomic_load_explicit(&me.next, memory_order_acquire) == NULL) {
        if (atomic_compare_exchange_strong_explicit(&last, &self, NULL, memory_order_release,
                                                    memory_order_relaxed))
            return argument;
        while (atomic_load_explicit(&me.next, memory_order_acquire) == NULL)
            sched_yield();
    }
    struct waiter *after = atomic_load_explicit(&me.next, memory_order_relaxed);
    atomic_store_explicit(&after->locked, 0, memory_order_release);
    return argument;
}

static void mcs_lock(void)
{
    run_threads(3, queues_up);
    holds(guarded == 3);
}

/* ---- barrier of the program's own ----------------------------------------------------------- */

static atomic_int arrived;
static atomic_int sense;
static int phase[2];

/* [wrong sense-barrier 1: phase at before the barrier, after the barrier] */
static void *meets(void *argument)
{
    long me = (long)argument;
    phase[me] = 1; /* before the barrier */
    if (atomic_fetch_add_explicit(&arrived, 1, memory_order_acq_rel) == 1)
        atomic_store_explicit(&sense, 1, unless(1, memory_order_release));
    while (!atomic_load_explicit(&sense, memory_order_acquire))
        sched_yield();
    holds(phase[1 - me] == 1); /* after the barrier */
    return NULL;
}

static void sense_barrier(void)
{
    run_threads(2, meets);
}

CASES({"seqlock", seqlock}, {"double-checked", double_checked}, {"references", references},
      {"tagged-stack", tagged_stack}, {"locked-pool", locked_pool}, {"ring", ring_of_two},
      {"published", publication}, {"ticket-lock", ticket_lock}, {"peterson", petersons_lock},
      {"mcs", mcs_lock}, {"sense-barrier", sense_barrier})
