/* SPDX-License-Identifier: MIT */
/* finding: crash */
/* runs: 5 */
/* An alarm without a handler ends a program that waits for something else. */
#include <semaphore.h>
#include <unistd.h>

#include "../sync/result.h"

int main(void)
{
    sem_t sem;
    sem_init(&sem, 0, 0);
    alarm(1);
    return sem_wait(&sem);
}
