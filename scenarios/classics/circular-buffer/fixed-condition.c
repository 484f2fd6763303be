/* SPDX-License-Identifier: MIT */
/*
 * Who comes when it is not his turn waits until it is: no visit is lost, so visits are records.
 */
#include "common.h"

static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;

static void send_record(int visit)
{
    pthread_mutex_lock(&lock);
    while (sent_one)
        pthread_cond_wait(&turned, &lock);
    insert(visit);
    sent_one = true;
    pthread_cond_signal(&turned);
    pthread_mutex_unlock(&lock);
}

static void receive_record(int visit)
{
    pthread_mutex_lock(&lock);
    while (!sent_one)
        pthread_cond_wait(&turned, &lock);
    scenario_check(take() == visit, "records arrive in the order of their numbers");
    sent_one = false;
    pthread_cond_signal(&turned);
    pthread_mutex_unlock(&lock);
}
