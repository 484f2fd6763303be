/* SPDX-License-Identifier: MIT */
/* flags: -UNDEBUG */
/* status: 1 */
/* tells: invariant (assert): an assertion of the program failed: ready == 1 */
/* says: FOUND invariant (assert) in run 0: assertion_fails-invariant-1.sched */
#include <assert.h>
#include <pthread.h>

static int ready;

static void *look(void *unused)
{
    assert(ready == 1);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, look, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
}
