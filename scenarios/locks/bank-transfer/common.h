/* SPDX-License-Identifier: MIT */
/*
 * A bank with two accounts. Transfers go both ways while an auditor sums up: the sum is always
 * the same. A transfer writes a line in the journal between the debit and the credit.
 */
#include "scenario.h"

#define DEPOSIT 100

struct account {
    pthread_mutex_t lock;
    int balance;
};

static struct account accounts[2] = {{PTHREAD_MUTEX_INITIALIZER, DEPOSIT},
                                     {PTHREAD_MUTEX_INITIALIZER, DEPOSIT}};
static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int journal_lines;

static void transfer(struct account *from, struct account *to, int amount);
static int audit(void);

static void write_journal(void)
{
    pthread_mutex_lock(&journal_lock);
    journal_lines++;
    pthread_mutex_unlock(&journal_lock);
}

static void *there(void *unused)
{
    transfer(&accounts[0], &accounts[1], 30);
    return unused;
}

static void *back(void *unused)
{
    transfer(&accounts[1], &accounts[0], 20);
    return unused;
}

static void *auditor(void *unused)
{
    scenario_check(audit() == 2 * DEPOSIT, "an audit finds all the money");
    return unused;
}

int main(void)
{
    pthread_t threads[] = {scenario_start(there, NULL), scenario_start(back, NULL),
                           scenario_start(auditor, NULL)};
    for (int i = 0; i < 3; i++)
        scenario_join(threads[i]);
    scenario_check(accounts[0].balance + accounts[1].balance == 2 * DEPOSIT,
                   "no money is left over or lost");
    scenario_check(journal_lines == 2, "every transfer is in the journal");
    return 0;
}
