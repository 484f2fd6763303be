/* SPDX-License-Identifier: MIT */
/*
 * An account, a deposit, a withdrawal, and an auditor who works out what the balance should be from
 * what has been booked by then. Everybody locks. The auditor is started first. What he works out is
 * what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define OPENING 100
#define DEPOSIT 50
#define WITHDRAWAL 30

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int balance = OPENING; /* guarded by lock, as are the next two */
static bool deposited;
static bool withdrawn;

static int expected_balance(void);

static void *deposit(void *unused)
{
    pthread_mutex_lock(&lock);
    balance += DEPOSIT;
    deposited = true;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *withdraw(void *unused)
{
    pthread_mutex_lock(&lock);
    balance -= WITHDRAWAL;
    withdrawn = true;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *audit(void *unused)
{
    pthread_mutex_lock(&lock);
    scenario_check(balance == expected_balance(), "the balance is what was booked");
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t auditor = scenario_start(audit, NULL);
    pthread_t in = scenario_start(deposit, NULL);
    scenario_give_way();
    pthread_t out = scenario_start(withdraw, NULL);
    scenario_join(auditor);
    scenario_join(in);
    scenario_join(out);
    return 0;
}
