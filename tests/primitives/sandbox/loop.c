/* SPDX-License-Identifier: MIT */
/*
 * A thread hands numbers through a pipe to a loop, whose tasks sell what has come, one piece at a
 * time: a reader, two sellers that wait between looking and taking, and one that ends the day.
 */
/* fault 1: sellers look, wait, and take, without a mutex for tasks */
/* finds 1: exit-status */
/* fault 2: two tasks join each other: the loop says so */
/* finds 2: exit-status */
/* fault 3: the thread never writes: the loop waits for ever */
/* finds 3: deadlock (channel) */
#include <ilv/deadline.h>
#include <ilv/task_mutex.h>
#include <unistd.h>

#include "threads.h"

#define PIECES 3

static int ends[2];
static struct ilv_task_mutex mutex;
static int stock;
static int sold;
static struct ilv_task *sellers[2];
static struct ilv_task *reader;

static void *deliver(void *argument)
{
    for (int i = 0; i < PIECES && fault != 3; i++)
        must(write(ends[1], "p", 1) != 1);
    return argument;
}

static int read_all(void *argument)
{
    char piece;
    for (int i = 0; i < PIECES; i++) {
        must(ilv_task_readable(ends[0], NULL));
        must(read(ends[0], &piece, 1) != 1);
        stock++;
    }
    return fault == 2 ? ilv_task_join(*(struct ilv_task **)argument, NULL) : 0;
}

static int sell(void *argument)
{
    must(ilv_task_join(reader, NULL));
    for (int i = 0; i < PIECES; i++) {
        if (fault != 1)
            must(ilv_task_mutex_lock(&mutex, NULL));
        if (stock > 0) {
            must(ilv_task_sleep(ILV_MILLISECOND));
            stock--;
            sold++;
        }
        if (fault != 1)
            must(ilv_task_mutex_unlock(&mutex));
    }
    (void)argument;
    return 0;
}

static int end_of_day(void *argument)
{
    int outcomes[2] = {1, 1};
    (void)argument;
    must(ilv_task_gather(sellers, 2, outcomes, NULL));
    return outcomes[0] + outcomes[1];
}

int main(void)
{
    struct ilv_loop *loop;
    struct ilv_task *day;
    int outcome = 1;
    must(pipe(ends));
    must(ilv_loop_new(&loop));
    must(ilv_loop_spawn(loop, &reader, NULL, read_all, &sellers[0]));
    for (int i = 0; i < 2; i++)
        must(ilv_loop_spawn(loop, &sellers[i], NULL, sell, NULL));
    must(ilv_loop_spawn(loop, &day, NULL, end_of_day, NULL));
    pthread_t id = thread(deliver, NULL);
    holds(ilv_loop_run(loop) == 0);
    join(id);
    must(ilv_task_outcome(day, &outcome));
    holds(outcome == 0 && stock == 0 && sold == PIECES);
    must(ilv_task_free(reader) + ilv_task_free(day));
    must(ilv_task_free(sellers[0]) + ilv_task_free(sellers[1]));
    must(ilv_loop_free(loop));
}
