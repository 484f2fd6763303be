/* SPDX-License-Identifier: MIT */
/*
 * Who comes when it is not his turn goes away, and counts the visit.
 *
 *     logger                            collector
 *     visit 0: inserts 0
 *     visit 1: not its turn
 *                                       visit 0: takes 0
 *     visit 2: inserts 2
 *                                       visit 1: takes 2   (1 was expected)
 *
 * Every access is locked. What is wrong is the order of the turns.
 */
#include "common.h"

static void send_record(int visit)
{
    pthread_mutex_lock(&lock);
    if (!sent_one) {
        insert(visit);
        sent_one = true;
    }
    pthread_mutex_unlock(&lock);
}

static void receive_record(int visit)
{
    pthread_mutex_lock(&lock);
    if (sent_one) {
        scenario_check(take() == visit, "records arrive in the order of their numbers");
        sent_one = false;
    }
    pthread_mutex_unlock(&lock);
}
