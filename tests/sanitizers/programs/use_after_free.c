/* SPDX-License-Identifier: MIT */
/* A user keeps a pointer between two sections; natively the owner frees the block long after. */
/* beneath: address thread */
/* fault 1: the block is used in a section of its own, without looking again */
/* natively 1: silent */
/* finds 1: sanitizer */
/* tells 1: (AddressSanitizer: heap-use-after-free|ThreadSanitizer: (heap-use-after-free|data race)) */
/* tells 1: T0\.2 (frees|writes) V1\S* \(use_after_free\.c:\d+\) */
/* tells 1: T0\.1 reads V1\S* \(use_after_free\.c:\d+\) */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LATE_US 50000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *box;

static int look(void)
{
    pthread_mutex_lock(&lock);
    int value = box != NULL ? *box : 0;
#if FAULT == 1
    int *mine = box;
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
    if (mine != NULL)
        value += *mine;
#endif
    pthread_mutex_unlock(&lock);
    return value;
}

static void *use(void *unused)
{
    printf("%s\n", look() >= 0 ? "used" : "impossible");
    return unused;
}

static void *give_back(void *unused)
{
    usleep(LATE_US);
    pthread_mutex_lock(&lock);
    int *old = box;
    box = NULL;
    pthread_mutex_unlock(&lock);
    free(old);
    return unused;
}

int main(void)
{
    pthread_t user, owner;
    box = malloc(sizeof *box);
    if (box == NULL)
        return 2;
    *box = 1;
    pthread_create(&user, NULL, use, NULL);
    pthread_create(&owner, NULL, give_back, NULL);
    pthread_join(user, NULL);
    pthread_join(owner, NULL);
    return 0;
}
