/* SPDX-License-Identifier: MIT */
/*
 * A transfer locks the account that pays, then the account that is paid.
 *
 *     there                             back
 *     lock accounts[0]
 *                                       lock accounts[1]
 *     lock accounts[1]   (waits)
 *                                       lock accounts[0]   (waits)
 *
 * One function, one order in its text, and yet two orders: they come with the arguments.
 */
#include "common.h"

static void transfer(struct account *from, struct account *to, int amount)
{
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    from->balance -= amount;
    write_journal();
    to->balance += amount;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
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
