/* SPDX-License-Identifier: MIT */
#include "steps.h"

char said[2048];
static size_t length;
static struct ilv_loop *loop;

const struct timespec long_ago = {.tv_sec = 0, .tv_nsec = 1};
const struct timespec far_away = {.tv_sec = INT64_C(1) << 40, .tv_nsec = 0};
const struct timespec impossible[3] = {{-1, 0}, {1, -1}, {1, 1000000000L}};

struct ilv_loop *the_loop(void)
{
    if (loop == NULL)
        ILV_CHECK_INT(ilv_loop_new(&loop), 0);
    return loop;
}

struct ilv_task *task_of(ilv_task_function *function, void *argument)
{
    struct ilv_task *task = NULL;
    ILV_CHECK_INT(ilv_loop_spawn(the_loop(), &task, NULL, function, argument), 0);
    return task;
}

void run(int expected)
{
    ILV_CHECK_INT(ilv_loop_run(the_loop()), expected);
}

void end_task(struct ilv_task *task, int outcome)
{
    int found = -1;
    ILV_CHECK(ilv_task_ended(task));
    ILV_CHECK_INT(ilv_task_outcome(task, &found), 0);
    ILV_CHECK_INT(found, outcome);
    ILV_CHECK_INT(ilv_task_free(task), 0);
}

void end_loop(void)
{
    ILV_CHECK_INT(ilv_loop_free(the_loop()), 0);
    loop = NULL;
}

void say(char letter)
{
    if (length < sizeof said - 1)
        said[length++] = letter;
}
