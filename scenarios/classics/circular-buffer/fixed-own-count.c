/* SPDX-License-Identifier: MIT */
/*
 * Records are numbered by how many were sent and received, not by how often somebody came. A visit
 * may still be in vain, and then counts for nothing.
 */
#include "common.h"

static int sent;     /* guarded by lock */
static int received; /* guarded by lock */

static void send_record(int visit)
{
    (void)visit;
    pthread_mutex_lock(&lock);
    if (!sent_one) {
        insert(sent++);
        sent_one = true;
    }
    pthread_mutex_unlock(&lock);
}

static void receive_record(int visit)
{
    (void)visit;
    pthread_mutex_lock(&lock);
    if (sent_one) {
        scenario_check(take() == received++, "records arrive in the order of their numbers");
        sent_one = false;
    }
    pthread_mutex_unlock(&lock);
}
