/* SPDX-License-Identifier: MIT */
/* Its handler of SIGSEGV says something, puts the default back and lets it crash. */
/* status: 1 */
/* tells: sorry */
/* tells: crash: T0.1 was ended by SIGSEGV */
/* says: FOUND crash in run 0: crashes_in_handler-crash-1.sched */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static int *volatile nowhere;

static void handler(int number)
{
    static const char said[] = "sorry\n";
    if (write(2, said, sizeof said - 1) > 0)
        signal(number, SIG_DFL);
}

static void *crash(void *unused)
{
    *nowhere = 1;
    return unused;
}

int main(void)
{
    pthread_t thread;
    signal(SIGSEGV, handler);
    if (pthread_create(&thread, NULL, crash, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
}
