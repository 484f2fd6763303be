/* SPDX-License-Identifier: MIT */
/*
 * Ordered account locks, and the audit under all of them.
 *
 * Both transfers take the lower account first, so waits never form a cycle. The audit holds every
 * lock while it sums, so no transfer is half way through. It takes them in the same order.
 */
#include "common.h"

static void transfer(struct account *from, struct account *to, int amount)
{
    struct account *first = from < to ? from : to;
    struct account *second = from < to ? to : from;
    pthread_mutex_lock(&first->lock);
    pthread_mutex_lock(&second->lock);
    from->balance -= amount;
    write_journal();
    to->balance += amount;
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}

static int audit(void)
{
    pthread_mutex_lock(&accounts[0].lock);
    pthread_mutex_lock(&accounts[1].lock);
    int sum = accounts[0].balance + accounts[1].balance;
    pthread_mutex_unlock(&accounts[1].lock);
    pthread_mutex_unlock(&accounts[0].lock);
    return sum;
}
