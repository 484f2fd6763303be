/* SPDX-License-Identifier: MIT */
/* Errors are told by longjmp out of nested calls; who catches lets go of what was taken. */
/* fault 1: a lock is left behind */
/* finds 1: deadlock (self) | deadlock (owner-ended) */
#include <setjmp.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int failures;

static void deeper(jmp_buf *out)
{
    longjmp(*out, 1);
}

static void deep(jmp_buf *out)
{
    deeper(out);
}

static void *body(void *argument)
{
    for (volatile int i = 0; i < 3; i++) {
        jmp_buf out;
        lock(&mutex);
        if (!setjmp(out))
            deep(&out);
        failures++;
        if (!(fault == 1 && i == 1))
            unlock(&mutex);
    }
    return argument;
}

int main(void)
{
    run_threads(3, body);
    holds(failures == 9);
}
