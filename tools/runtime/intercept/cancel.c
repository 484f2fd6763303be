/* SPDX-License-Identifier: MIT */
/*
 * cancel.c: the doors of cancellation, of the ends of threads, and of what a program may ask of
 * a thread: name, CPUs, scheduling.
 */
#include "objects/cancel.h"

#include "intercept/doors.h"

/* For models that return nothing. */
#define VOID_DOOR(real_call, model_call) \
    if (!ilv__managed()) {               \
        ilv__real()->real_call;          \
        return;                          \
    }                                    \
    ilv__enter();                        \
    model_call;                          \
    ilv__exit()

int ilv_door_pthread_cancel(pthread_t thread)
{
    ILV_DOOR(int, pthread_cancel(thread), ilv__cancel(thread));
}

int ilv_door_pthread_setcancelstate(int state, int *old)
{
    ILV_DOOR(int, pthread_setcancelstate(state, old), ilv__cancel_set_state(state, old));
}

int ilv_door_pthread_setcanceltype(int type, int *old)
{
    ILV_DOOR(int, pthread_setcanceltype(type, old), ilv__cancel_set_type(type, old));
}

void ilv_door_pthread_testcancel(void)
{
    VOID_DOOR(pthread_testcancel(), ilv__cancel_test());
}

void ilv_door_pthread_exit(void *result)
{
    if (ilv__managed())
        ilv__cancel_close();
    ilv__real()->pthread_exit(result);
}

void ilv_door_thrd_exit(int result)
{
    if (ilv__managed())
        ilv__cancel_close();
    ilv__real()->thrd_exit(result);
}

int ilv_door_pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
    ILV_DOOR(int, pthread_getattr_np(thread, attributes),
             ilv__thread_attributes(thread, attributes));
}

int ilv_door_pthread_setname_np(pthread_t thread, const char *name)
{
    ILV_DOOR(int, pthread_setname_np(thread, name), ilv__thread_set_name(thread, name));
}

int ilv_door_pthread_getname_np(pthread_t thread, char *name, size_t size)
{
    ILV_DOOR(int, pthread_getname_np(thread, name, size), ilv__thread_name(thread, name, size));
}

int ilv_door_pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *cpus)
{
    ILV_DOOR(int, pthread_setaffinity_np(thread, size, cpus),
             ilv__thread_set_affinity(thread, size, cpus));
}

int ilv_door_pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *cpus)
{
    ILV_DOOR(int, pthread_getaffinity_np(thread, size, cpus),
             ilv__thread_affinity(thread, size, cpus));
}

int ilv_door_pthread_setschedparam(pthread_t thread, int policy,
                                   const struct sched_param *parameters)
{
    ILV_DOOR(int, pthread_setschedparam(thread, policy, parameters),
             ilv__thread_set_scheduling(thread, policy, parameters->sched_priority));
}

int ilv_door_pthread_getschedparam(pthread_t thread, int *policy, struct sched_param *parameters)
{
    ILV_DOOR(int, pthread_getschedparam(thread, policy, parameters),
             ilv__thread_scheduling(thread, policy, parameters));
}

int ilv_door_pthread_setschedprio(pthread_t thread, int priority)
{
    ILV_DOOR(int, pthread_setschedprio(thread, priority),
             ilv__thread_set_scheduling(thread, SCHED_OTHER, priority));
}

int ilv_door_pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    ILV_DOOR(int, pthread_getcpuclockid(thread, clock), ilv__thread_clock(thread, clock));
}

static int yield(void)
{
    ilv__simple(ILV_EV_TASK_YIELD, 0, 0);
    return 0;
}

int ilv_door_sched_yield(void)
{
    ILV_DOOR(int, sched_yield(), yield());
}

int ilv_door_pthread_yield(void)
{
    ILV_DOOR(int, pthread_yield(), yield());
}
