/* SPDX-License-Identifier: MIT */
/* Every call on semaphores, with and without a name. */
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "result.h"

static sem_t zeroed;

static void values(void)
{
    sem_t sem;
    int value = -1;
    SHOW_ERRNO(sem_init(&sem, 0, (unsigned)SEM_VALUE_MAX + 1));
    SHOW_ERRNO(sem_init(&sem, 0, SEM_VALUE_MAX));
    SHOW_ERRNO(sem_post(&sem));
    SHOW_ERRNO(sem_wait(&sem));
    SHOW_ERRNO(sem_post(&sem));
    SHOW_ERRNO(sem_getvalue(&sem, &value));
    SHOW_VALUE(value == SEM_VALUE_MAX);
    SHOW_ERRNO(sem_destroy(&sem));
    SHOW_ERRNO(sem_init(&sem, 1, 2));
    SHOW_ERRNO(sem_trywait(&sem));
    SHOW_ERRNO(sem_wait(&sem));
    SHOW_ERRNO(sem_trywait(&sem));
    SHOW_ERRNO(sem_getvalue(&sem, &value));
    SHOW_VALUE(value);
    SHOW_ERRNO(sem_destroy(&sem));
}

static void deadlines(void)
{
    struct timespec t = from_now(CLOCK_REALTIME, 10);
    SHOW_ERRNO(sem_trywait(&zeroed));
    SHOW_ERRNO(sem_timedwait(&zeroed, &t));
    t = from_now(CLOCK_MONOTONIC, 10);
    SHOW_ERRNO(sem_clockwait(&zeroed, CLOCK_MONOTONIC, &t));
    SHOW_ERRNO(sem_clockwait(&zeroed, CLOCK_PROCESS_CPUTIME_ID, &t));
    SHOW_ERRNO(sem_post(&zeroed));
    t.tv_nsec = -1;
    SHOW_ERRNO(sem_timedwait(&zeroed, &t));
    t = (struct timespec){1, 0};
    SHOW_ERRNO(sem_timedwait(&zeroed, &t));
    SHOW_ERRNO(sem_timedwait(&zeroed, &t));
}

static void show_open(const char *what, const sem_t *sem)
{
    printf("%s: %s\n", what, sem == SEM_FAILED ? strerrorname_np(errno) : "opened");
}
#define SHOW_OPEN(call) show_open(#call, call)

static void names(void)
{
    char name[64];
    char other[64];
    int value = -1;
    snprintf(name, sizeof name, "/twin-%ld", (long)getpid());
    snprintf(other, sizeof other, "//twin-%ld", (long)getpid());
    SHOW_OPEN(sem_open("", O_CREAT, 0600, 1));
    SHOW_OPEN(sem_open("/a/b", O_CREAT, 0600, 1));
    SHOW_OPEN(sem_open(name, 0));
    SHOW_OPEN(sem_open(name, O_CREAT | O_EXCL, 0600, (unsigned)SEM_VALUE_MAX + 1));
    sem_t *first = sem_open(name, O_CREAT | O_EXCL, 0600, 3);
    SHOW_OPEN(first);
    SHOW_OPEN(sem_open(name, O_CREAT | O_EXCL, 0600, 3));
    sem_t *second = sem_open(name, O_CREAT, 0600, 9);
    SHOW_VALUE(first == second);
    if (first == NULL || second == NULL)
        return;
    SHOW_ERRNO(sem_getvalue(second, &value));
    SHOW_VALUE(value);
    SHOW_ERRNO(sem_wait(first));
    SHOW_ERRNO(sem_close(first));
    SHOW_ERRNO(sem_unlink(name));
    SHOW_ERRNO(sem_unlink(name));
    SHOW_ERRNO(sem_getvalue(second, &value));
    SHOW_VALUE(value);
    sem_t *third = sem_open(name, O_CREAT, 0600, 7);
    SHOW_VALUE(third == second);
    SHOW_ERRNO(sem_getvalue(third, &value));
    SHOW_VALUE(value);
    SHOW_ERRNO(sem_unlink(other));
    SHOW_ERRNO(sem_close(second));
    SHOW_ERRNO(sem_close(third));
    SHOW_ERRNO(sem_close(&zeroed));
    SHOW_ERRNO(sem_unlink("a/b"));
}

static void long_names(void)
{
    char name[300];
    for (size_t length = 250; length < 258; length++) {
        memset(name, 'n', length);
        name[length] = 0;
        sem_t *sem = sem_open(name, O_CREAT, 0600, 1);
        show_open("long", sem);
        SHOW_ERRNO(sem_unlink(name));
        if (sem != SEM_FAILED)
            sem_close(sem);
    }
}

int main(void)
{
    values();
    deadlines();
    names();
    long_names();
    return 0;
}
