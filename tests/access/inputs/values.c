/* SPDX-License-Identifier: MIT */
/*
 * Prints what every atomic operation of every width returns and leaves, and what is left when
 * threads work on the same words. Built by a plain compiler it prints what is right.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

typedef unsigned __int128 u128;
#define ROUNDS 3000
#define THREADS 3

static void show(const char *what, u128 value)
{
    printf("%s %016llx%016llx\n", what, (unsigned long long)(value >> 64),
           (unsigned long long)value);
}

#define FETCHED(T, name, order)                                                                    \
    {                                                                                              \
        static T word = (T)((((u128)0xfedcba9876543210u) << 64) + 0x8123456789abcdefu);            \
        show(#name " " #T, __atomic_##name(&word, (T)((((u128)0x1133u) << 64) + 0xf0f1u), order)); \
        show("  left", word);                                                                      \
    }
#define EACH_FETCH(T, order)     \
    FETCHED(T, fetch_add, order) \
    FETCHED(T, fetch_sub, order) \
    FETCHED(T, fetch_and, order) \
    FETCHED(T, fetch_or, order)  \
    FETCHED(T, fetch_xor, order) FETCHED(T, fetch_nand, order) FETCHED(T, exchange_n, order)

#define COMPARED(T, weak, success, failure)                                                  \
    {                                                                                        \
        static T word = (T)5;                                                                \
        T expected = (T)6, done;                                                             \
        done = __atomic_compare_exchange_n(&word, &expected, (T)7, weak, success, failure);  \
        show("fails " #T, done);                                                             \
        show("  found", expected);                                                           \
        done = __atomic_compare_exchange_n(&word, &expected, (T)-2, weak, success, failure); \
        show("succeeds " #T, done);                                                          \
        show("  left", word);                                                                \
    }

#define WIDTH(T)                                                                     \
    static T shared_##T, claimed_##T;                                                \
    static void *work_##T(void *unused)                                              \
    {                                                                                \
        for (int i = 0; i < ROUNDS; i++) {                                           \
            T old = __atomic_load_n(&claimed_##T, __ATOMIC_RELAXED);                 \
            __atomic_fetch_add(&shared_##T, (T)3, __ATOMIC_RELAXED);                 \
            while (!__atomic_compare_exchange_n(&claimed_##T, &old, (T)(old + 1), 1, \
                                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) \
                continue;                                                            \
            __atomic_fetch_xor(&shared_##T, (T)0, __ATOMIC_SEQ_CST);                 \
        }                                                                            \
        return unused;                                                               \
    }                                                                                \
    static void single_##T(void)                                                     \
    {                                                                                \
        static T word;                                                               \
        EACH_FETCH(T, __ATOMIC_RELAXED)                                              \
        EACH_FETCH(T, __ATOMIC_ACQUIRE)                                              \
        EACH_FETCH(T, __ATOMIC_RELEASE)                                              \
        EACH_FETCH(T, __ATOMIC_ACQ_REL)                                              \
        EACH_FETCH(T, __ATOMIC_SEQ_CST)                                              \
        COMPARED(T, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)                           \
        COMPARED(T, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)                           \
        COMPARED(T, 1, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)                           \
        __atomic_store_n(&word, (T)1, __ATOMIC_RELAXED);                             \
        show("stored", __atomic_load_n(&word, __ATOMIC_ACQUIRE));                    \
        __atomic_store_n(&word, (T)-1, __ATOMIC_RELEASE);                            \
        show("stored", __atomic_load_n(&word, __ATOMIC_RELAXED));                    \
        __atomic_store_n(&word, (T)-3, __ATOMIC_SEQ_CST);                            \
        show("stored", __atomic_load_n(&word, __ATOMIC_SEQ_CST));                    \
    }                                                                                \
    static void threads_##T(void)                                                    \
    {                                                                                \
        pthread_t thread[THREADS];                                                   \
        for (int i = 0; i < THREADS; i++)                                            \
            pthread_create(&thread[i], NULL, work_##T, NULL);                        \
        for (int i = 0; i < THREADS; i++)                                            \
            pthread_join(thread[i], NULL);                                           \
        show("threads " #T, shared_##T);                                             \
        show("  claimed", claimed_##T);                                              \
    }

WIDTH(uint8_t)
WIDTH(uint16_t)
WIDTH(uint32_t)
WIDTH(uint64_t)
WIDTH(u128)

int main(void)
{
    single_uint8_t();
    single_uint16_t();
    single_uint32_t();
    single_uint64_t();
    single_u128();
    threads_uint8_t();
    threads_uint16_t();
    threads_uint32_t();
    threads_uint64_t();
    threads_u128();
    return 0;
}
