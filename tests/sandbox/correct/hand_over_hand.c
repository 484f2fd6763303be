/* SPDX-License-Identifier: MIT */
/* A chain of locked nodes: the next lock is taken before the last one is let go, so that nobody
 * overtakes. */
/* fault 1: the node is let go before the next one is taken */
/* finds 1: exit-status */
/* fault 2: one walks from the end */
/* finds 2: deadlock (cycle) */
#include "threads.h"

enum { NODES = 4, WALKERS = 3 };

static struct node {
    pthread_mutex_t mutex;
    int visits;
    long order[WALKERS];
} nodes[NODES];

static void visit(struct node *node, long walker)
{
    node->order[node->visits++] = walker;
}

static void *walk(void *argument)
{
    long me = (long)argument;
    int from = fault == 2 && me == 1 ? NODES - 1 : 0, step = from ? -1 : 1;
    lock(&nodes[from].mutex);
    visit(&nodes[from], me);
    for (int i = 1, at = from; i < NODES; i++, at += step) {
        if (fault == 1)
            unlock(&nodes[at].mutex);
        lock(&nodes[at + step].mutex);
        visit(&nodes[at + step], me);
        if (fault != 1)
            unlock(&nodes[at].mutex);
    }
    unlock(&nodes[from + step * (NODES - 1)].mutex);
    return NULL;
}

int main(void)
{
    for (int i = 0; i < NODES; i++)
        must(pthread_mutex_init(&nodes[i].mutex, NULL));
    run_threads(WALKERS, walk);
    for (int i = 1; i < NODES; i++)
        for (int j = 0; j < WALKERS; j++)
            holds(fault == 2 || nodes[i].order[j] == nodes[0].order[j]);
}
