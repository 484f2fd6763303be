/* SPDX-License-Identifier: MIT */
/* Handlers of exit read and write what the threads wrote, which have ended; and one makes a thread
 * of its own. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include "program.h"

static int written;
static pthread_mutex_t written_lock = PTHREAD_MUTEX_INITIALIZER;

static void *writes(void *argument)
{
    lock(&written_lock);
    written++;
    unlock(&written_lock);
    return argument;
}

static void reads(void)
{
    written++;
    holds(written == 5);
}

static void writes_at_exit(void)
{
    written++;
    run_threads(1, writes);
}

int main(void)
{
    must(atexit(reads));
    must(atexit(writes_at_exit));
    run_threads(2, writes);
}
