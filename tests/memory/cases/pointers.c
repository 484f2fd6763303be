/* SPDX-License-Identifier: MIT */
/*
 * What is read and written are addresses, of the heap, of stacks and of data: they differ between
 * the starts of a program, and replays are the same.
 *
 * [wrong list 1: head at link, push | push, push]
 * [breaks list 1: exit-status]
 * [wrong atomic_list 1: top at raw push, load | raw push, swap]
 */
#include <stdatomic.h>

#include "cases.h"

enum { NODES = 2 };

struct node {
    struct node *next;
    int *owner; /* of a thread: in its stack */
};

static struct node *head;
static pthread_mutex_t head_lock = PTHREAD_MUTEX_INITIALIZER;

static struct node *node_of(int *owner)
{
    struct node *node = malloc(sizeof *node);
    must(node == NULL);
    node->owner = owner;
    return node;
}

static int length_of(struct node *node)
{
    int n = 0;
    while (node != NULL) {
        struct node *next = node->next;
        n++;
        free(node);
        node = next;
    }
    return n;
}

static void *pushes(void *argument)
{
    int mine = 0;
    struct node *node = node_of(&mine);
    if (fault == 0)
        lock(&head_lock);
    node->next = head; /* link */
    head = node;       /* push */
    if (fault == 0)
        unlock(&head_lock);
    return argument;
}

static void list(void)
{
    run_threads(NODES, pushes);
    holds(length_of(head) == NODES);
}

static _Atomic(struct node *) top;

static void *pushes_atomically(void *argument)
{
    int mine = 0;
    struct node *node = node_of(&mine);
    node->next = atomic_load_explicit(&top, memory_order_relaxed); /* load */
    while (!atomic_compare_exchange_weak(&top, &node->next, node)) /* swap */
        continue;
    return argument;
}

static void *pushes_plainly(void *argument)
{
    struct node *node = node_of(NULL);
    node->next = NULL;
    memcpy((void *)&top, &node, sizeof node); /* raw push */
    return argument;
}

static void atomic_list(void)
{
    run_both(pushes_atomically, fault == 0 ? pushes_atomically : pushes_plainly);
    holds(fault != 0 || length_of(atomic_load(&top)) == NODES);
}

CASES({"list", list}, {"atomic_list", atomic_list})
