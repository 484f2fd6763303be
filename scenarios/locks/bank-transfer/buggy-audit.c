/* SPDX-License-Identifier: MIT */
/*
 * The auditor "only reads", and takes no lock.
 *
 *     there                             auditor
 *     lock accounts[0], accounts[1]
 *     accounts[0]: 100 -> 70
 *     write the journal
 *                                       70 + 100 = 170
 *     accounts[1]: 100 -> 130
 *
 * Each balance is right; their sum is of a moment that never was.
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
    int sum = accounts[0].balance + accounts[1].balance;
    return sum;
}
