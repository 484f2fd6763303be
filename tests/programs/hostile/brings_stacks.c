/* SPDX-License-Identifier: MIT */
/* Gives its threads stacks of its own, and uses the memory for something else afterwards. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE ((size_t)65536)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int turns;

static void *work(void *unused)
{
    pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&own);
    pthread_mutex_lock(&lock);
    turns++;
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&own);
    return unused;
}

static int with_stacks(char *memory)
{
    pthread_t thread[2];
    for (size_t i = 0; i < 2; i++) {
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstack(&attributes, memory + i * SIZE, SIZE);
        if (pthread_create(&thread[i], &attributes, work, NULL) != 0)
            return 2;
    }
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    memset(memory, 0xa5, 2 * SIZE);
    return 0;
}

int main(void)
{
    char *memory = mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || with_stacks(memory) != 0 || with_stacks(memory) != 0)
        return 2;
    munmap(memory, 2 * SIZE);
    return turns == 4 ? 0 : 1;
}
