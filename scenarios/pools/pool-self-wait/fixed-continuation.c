/* SPDX-License-Identifier: MIT */
/*
 * A continuation: the task submits and ends; what remains to be done is called with the
 * translation.
 *
 * No clerk ever waits for another, so whatever stands in the queue is taken some time. The price:
 * the task is cut in two, and its second half runs elsewhere, in the thread that calls callbacks.
 */
#include "common.h"

static void go_on(int error, const void *text, void *letter)
{
    scenario_must(error, "translate");
    send_answer(letter, *(const int *)text);
}

static void answer(struct letter *letter)
{
    const struct ilv_call call = {
        .function = translate, .result_size = sizeof(int), .callback = go_on, .context = letter};
    scenario_must(ilv_pool_submit(office, &call, NULL), "ilv_pool_submit");
}
