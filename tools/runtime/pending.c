/* SPDX-License-Identifier: MIT */
/* Weak stand-ins while the models land one after the other. */
#include "runtime.h"
#define WEAK __attribute__((weak))
WEAK bool ilv__trap_armed;
WEAK unsigned ilv__signal_next(const struct task *t)
{
    (void)t;
    return 0;
}
WEAK bool ilv__signal_interrupts(struct task *t)
{
    (void)t;
    return false;
}
WEAK bool ilv__signal_may_come(const struct task *t)
{
    (void)t;
    return false;
}
WEAK bool ilv__cond_spurious_possible(const struct task *t)
{
    (void)t;
    return false;
}
WEAK bool ilv__outside_wait(uint64_t deadline)
{
    (void)deadline;
    return false;
}
WEAK void ilv__signal_inherit(struct task *c, const struct task *p)
{
    (void)c;
    (void)p;
}
WEAK void ilv__world_begin(void)
{
}
WEAK void ilv__trap_arm(void)
{
}
WEAK void ilv__trap_arm_thread(void)
{
}
WEAK int ilv__virtual_pid(void)
{
    return 1000;
}
WEAK int ilv__virtual_tid(const struct task *t)
{
    return 1000 + t->index;
}
static size_t none(uint32_t a, uint32_t b)
{
    return 0 * (a + b);
}
static void nothing(void *s, uint32_t a, uint32_t b)
{
    (void)s;
    (void)a;
    (void)b;
}
WEAK const struct ilv_detector *ilv_detector(unsigned id)
{
    static const struct ilv_detector d = {.name = "", .size = none, .begin = nothing};
    (void)id;
    return &d;
}
