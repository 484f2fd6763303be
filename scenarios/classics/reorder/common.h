/* SPDX-License-Identifier: MIT */
/*
 * A switch of two halves. SETTERS threads set it; a checker who finds the first half set expects
 * the second to be set as well. How the halves are set and looked at is what the variants are
 * about; the variant says how many setters there are.
 */
#include "scenario.h"

static int first;  /* 0, then 1 */
static int second; /* 0, then -1 */

static void set(void);
static void look(int *seen_first, int *seen_second);

static void *setter(void *unused)
{
    set();
    return unused;
}

static void *checker(void *unused)
{
    int seen_first = 0;
    int seen_second = 0;
    look(&seen_first, &seen_second);
    scenario_check(seen_first == 0 || seen_second != 0, "who has the first half has the second");
    return unused;
}

int main(void)
{
    pthread_t setters[SETTERS];
    for (int i = 0; i < SETTERS; i++)
        setters[i] = scenario_start(setter, NULL);
    pthread_t checks = scenario_start(checker, NULL);
    for (int i = 0; i < SETTERS; i++)
        scenario_join(setters[i]);
    scenario_join(checks);
    return 0;
}
