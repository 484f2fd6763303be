/* SPDX-License-Identifier: MIT */
/* A race that the program itself suppresses by the name of a function; and one that it does not. */
/* beneath: thread */
/* natively 0: not tried, its names need a symbolizer that may not be installed */
/* fault 1: the other thread races under another name */
/* finds 1: sanitizer */
/* tells 1: T0\.[12] writes n \(suppressed\.c:\d+\) */
#include <pthread.h>

static int n;

const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return FAULT == 1 ? "race:nobody\n" : "race:add_boldly\n";
}

static void *add_boldly(void *unused)
{
    n++;
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, add_boldly, NULL);
    pthread_create(&b, NULL, add_boldly, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
