/* SPDX-License-Identifier: MIT */
/* Takes from itself descriptors, memory and core files, and goes on with threads. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t thread;
    struct rlimit none = {3, 3}, memory = {UINT64_C(1) << 30, UINT64_C(1) << 30};
    if (setrlimit(RLIMIT_NOFILE, &none) != 0 || setrlimit(RLIMIT_AS, &memory) != 0 ||
        setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_FSIZE, &none) != 0)
        return 1;
    if (pthread_create(&thread, NULL, work, NULL) != 0)
        return 2;
    work(NULL);
    pthread_join(thread, NULL);
}
