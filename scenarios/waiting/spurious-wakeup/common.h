/* SPDX-License-Identifier: MIT */
/*
 * A letter box: a postman drops a letter, main waits for it. How main waits is what the variants
 * are about.
 */
#include <stdbool.h>

#include "scenario.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t dropped = PTHREAD_COND_INITIALIZER;
static bool there; /* guarded by lock */
static int letter; /* guarded by lock */

static int take_letter(void);

static void *postman(void *unused)
{
    pthread_mutex_lock(&lock);
    letter = 7;
    there = true;
    pthread_cond_signal(&dropped);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t thread = scenario_start(postman, NULL);
    scenario_check(take_letter() == 7, "a letter is taken after it was dropped");
    scenario_join(thread);
    return 0;
}
