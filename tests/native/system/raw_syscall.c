/* SPDX-License-Identifier: MIT */
/* System calls by a bare instruction: futex and read, red zone and vector registers kept. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint32_t word;
static int ends[2];

static long call(long number, long a, long b, long c, long d)
{
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

/* A leaf that keeps a value below the stack pointer and one in a vector register. */
static long keep(long number, long a, long b, long c, long *below, long *vector)
{
    long result;
    register long r10 __asm__("r10") = 0;
    __asm__ volatile("movq $12345, -8(%%rsp)\n"
                     "mov $6789, %%rcx\n"
                     "movq %%rcx, %%xmm7\n"
                     "syscall\n"
                     "movq -8(%%rsp), %%rcx\n"
                     "movq %%rcx, (%[below])\n"
                     "movq %%xmm7, %%rcx\n"
                     "movq %%rcx, (%[vector])\n"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c),
                       "r"(r10), [below] "r"(below), [vector] "r"(vector)
                     : "rcx", "r11", "xmm7", "memory");
    return result;
}

static void *sleeper(void *unused)
{
    long result = 0;
    while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) == 0)
        result = call(SYS_futex, (long)&word, FUTEX_WAIT_PRIVATE, 0, 0);
    printf("word %u result ok %d\n", word, result == 0 || result == -11);
    return unused;
}

static void *reader(void *unused)
{
    char text[8] = {0};
    long below = 0;
    long vector = 0;
    long n = keep(SYS_read, ends[0], (long)text, sizeof text, &below, &vector);
    printf("read %ld %s below %ld vector %ld\n", n, text, below, vector);
    return unused;
}

static void *on_small_stack(void *(*start)(void *), pthread_t *thread)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 16384);
    int error = pthread_create(thread, &attributes, start, NULL);
    pthread_attr_destroy(&attributes);
    return error == 0 ? thread : NULL;
}

int main(void)
{
    pthread_t first;
    pthread_t second;
    printf("pipe %ld\n", call(SYS_pipe2, (long)ends, 0, 0, 0));
    printf("bad read %ld\n", call(SYS_read, 77, 0, 0, 0));
    if (on_small_stack(sleeper, &first) == NULL)
        return 1;
    __atomic_store_n(&word, 1, __ATOMIC_RELEASE);
    call(SYS_futex, (long)&word, FUTEX_WAKE_PRIVATE, 1, 0);
    pthread_join(first, NULL);
    if (on_small_stack(reader, &second) == NULL)
        return 1;
    long written = call(SYS_write, ends[1], (long)"abc", 3, 0);
    pthread_join(second, NULL);
    printf("write %ld\n", written);
    return 0;
}
