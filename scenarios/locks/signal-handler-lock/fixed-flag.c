/* SPDX-License-Identifier: MIT */
/*
 * The handler only sets a flag; the server looks at it between requests.
 *
 * The lock is taken in ordinary code alone, which never interrupts itself. The price: the answer
 * comes when the server next looks, so it must never sleep without looking.
 */
#include "common.h"

static volatile sig_atomic_t asked;

static void on_question(int signal)
{
    (void)signal;
    asked = 1;
}

static void prepare(void)
{
    on_sigusr1(on_question);
}

static void answer_if_asked(void)
{
    if (asked) {
        asked = 0;
        show();
    }
}
