/* SPDX-License-Identifier: MIT */
/* Tasks contend for more words than can be learnt of one run: what breaks at the last of them is
 * found all the same, and replays. */
/* options: --races allow --runs 2000 */
/* status: 1 */
/* says: FOUND exit-status in run #: many_words-exit-status-1.sched */
#include "program.h"

enum { WORDS = 200 };

static volatile long word[WORDS];

static void *adds(void *argument)
{
    for (int i = 0; i < WORDS; i++)
        word[i]++;
    return argument;
}

int main(void)
{
    run_threads(2, adds);
    holds(word[WORDS - 1] == 2);
}
