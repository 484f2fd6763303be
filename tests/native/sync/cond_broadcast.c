/* SPDX-License-Identifier: MIT */
/* A broadcast wakes all who wait, the condition is destroyed at once, and its memory reused. */
#include <stdlib.h>

#include "result.h"

struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t opened;
    pthread_cond_t came;
    int waiting;
    int open;
};

static void *pass(void *g)
{
    struct gate *gate = g;
    pthread_mutex_lock(&gate->mutex);
    gate->waiting++;
    pthread_cond_signal(&gate->came);
    while (!gate->open)
        pthread_cond_wait(&gate->opened, &gate->mutex);
    gate->waiting--;
    if (gate->waiting == 0)
        pthread_cond_signal(&gate->came);
    pthread_mutex_unlock(&gate->mutex);
    return NULL;
}

static void open_gate(struct gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    while (gate->waiting < 4)
        pthread_cond_wait(&gate->came, &gate->mutex);
    gate->open = 1;
    SHOW(pthread_cond_broadcast(&gate->opened));
    SHOW(pthread_cond_destroy(&gate->opened));
    memset(&gate->opened, 0, sizeof gate->opened);
    while (gate->waiting > 0)
        pthread_cond_wait(&gate->came, &gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
}

int main(void)
{
    for (int round = 0; round < 2; round++) {
        struct gate *gate = calloc(1, sizeof *gate);
        pthread_t thread[4];
        for (int i = 0; i < 4; i++)
            pthread_create(&thread[i], NULL, pass, gate);
        open_gate(gate);
        for (int i = 0; i < 4; i++)
            pthread_join(thread[i], NULL);
        SHOW_VALUE(gate->waiting);
        SHOW(pthread_cond_signal(&gate->opened));
        SHOW(pthread_mutex_destroy(&gate->mutex));
        free(gate);
    }
    return 0;
}
