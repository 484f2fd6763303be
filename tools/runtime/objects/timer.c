/* SPDX-License-Identifier: MIT */
/*
 * timer.c: virtual timers.
 *
 *   free       not made
 *   idle       made, expiry is 0
 *   armed      expiry is the virtual time at which it will send its signal
 *   sent       its signal is pending: it goes on counting, but sends nothing until the signal is
 *              taken; what it missed is the overrun
 *
 * A timer that would change nothing (its signal is ignored, or already pending) is no event: else
 * the clock could jump from one expiry to the next for ever while all tasks wait.
 *
 * Timers of CPU time (ITIMER_VIRTUAL, ITIMER_PROF, CPU clocks) run with the same clock.
 */
#include "objects/timer.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "objects/clock.h"
#include "objects/signal.h"

#define TIMERS_MAX 256
#define ALARMS 3 /* ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF are the first timers */

struct timer {
    uint64_t expiry;
    uint64_t interval;
    union sigval value;
    struct task *to; /* NULL: the process */
    clockid_t clock;
    int signal;
    int overrun;
    bool made;
    bool silent; /* SIGEV_NONE */
    bool sent;
};

static struct timer timer[TIMERS_MAX] = {
    [ITIMER_REAL] = {.made = true, .signal = SIGALRM},
    [ITIMER_VIRTUAL] = {.made = true, .signal = SIGVTALRM},
    [ITIMER_PROF] = {.made = true, .signal = SIGPROF},
};

/* ---- expiry ------------------------------------------------------------------------------- */

static bool counts(const struct timer *t)
{
    return t->made && t->expiry != 0 && !t->silent && !t->sent;
}

static bool matters(const struct timer *t)
{
    return counts(t) && !ilv__signal_ignored(t->signal);
}

static void note_next(void)
{
    uint64_t next = 0;
    for (unsigned i = 0; i < TIMERS_MAX; i++)
        if (matters(&timer[i]) && (next == 0 || timer[i].expiry < next))
            next = timer[i].expiry;
    ilv__world.timer_next = next;
}

uint64_t ilv__timers_signals(uint64_t until)
{
    uint64_t signals = 0;
    for (unsigned i = 0; i < TIMERS_MAX; i++)
        if (matters(&timer[i]) && timer[i].expiry <= until)
            signals |= ilv__signal_bit(timer[i].signal);
    return signals;
}

static bool is_alarm(const struct timer *t)
{
    return t < &timer[ALARMS];
}

/* Past expirations of a periodic timer are counted, the next one lies ahead. */
static uint64_t skip_past(struct timer *t)
{
    uint64_t now = ilv__world.time;
    if (t->expiry == 0 || t->expiry > now)
        return 0;
    if (t->interval == 0) {
        t->expiry = 0;
        return 1;
    }
    uint64_t times = (now - t->expiry) / t->interval + 1;
    t->expiry += times * t->interval;
    return times;
}

static int clamp(uint64_t count)
{
    return count > INT_MAX ? INT_MAX : (int)count;
}

static void expire(struct timer *t)
{
    uint64_t times = skip_past(t);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = t->signal;
    info.si_code = is_alarm(t) ? SI_KERNEL : SI_TIMER;
    info.si_timerid = (int)(t - timer);
    info.si_overrun = clamp(times - 1);
    info.si_value = t->value;
    t->sent = !is_alarm(t);
    if (t->to != NULL && t->to->info->state != ILV_TASK_LIVE)
        return;
    if (ilv__signal_generate(t->to, &info) != 0)
        ilv__limited("more than 1024 pending signals");
}

void ilv__timers_run(void)
{
    for (unsigned i = 0; i < TIMERS_MAX; i++) {
        struct timer *t = &timer[i];
        if (counts(t) && t->expiry <= ilv__world.time && matters(t))
            expire(t);
    }
    note_next();
}

void ilv__timer_taken(siginfo_t *info)
{
    struct timer *t = &timer[info->si_timerid];
    uint64_t missed = (uint64_t)info->si_overrun + skip_past(t);
    t->sent = false;
    t->overrun = clamp(missed);
    info->si_overrun = t->overrun;
    note_next();
}

/* ---- setting ------------------------------------------------------------------------------ */

static void step(int error)
{
    ilv__done(error, 0);
}

static void begin_step(void)
{
    struct ilv_op op = ilv__op(ILV_EV_CLOCK_READ, ilv__clock_object());
    ilv__point(&op, NULL);
}

static uint64_t left(struct timer *t)
{
    if (!matters(t))
        skip_past(t);
    return t->expiry > ilv__world.time ? t->expiry - ilv__world.time : 0;
}

static struct timeval to_timeval(uint64_t ns)
{
    return (struct timeval){(time_t)(ns / ILV_NS_PER_S), (suseconds_t)(ns % ILV_NS_PER_S / 1000)};
}

static void set(struct timer *t, uint64_t expiry, uint64_t interval)
{
    t->expiry = expiry;
    t->interval = interval;
    t->sent = false;
    note_next();
}

int ilv__timer_alarm_get(int which, struct itimerval *now)
{
    if (which < 0 || which >= ALARMS)
        return EINVAL;
    begin_step();
    *now = (struct itimerval){to_timeval(timer[which].interval), to_timeval(left(&timer[which]))};
    step(0);
    return 0;
}

int ilv__timer_alarm_set(int which, uint64_t first, uint64_t interval, struct itimerval *old)
{
    if (which < 0 || which >= ALARMS)
        return EINVAL;
    struct timer *t = &timer[which];
    begin_step();
    if (old != NULL)
        *old = (struct itimerval){to_timeval(t->interval), to_timeval(left(t))};
    set(t, first != 0 ? ilv__clock_deadline(first) : 0, interval);
    step(0);
    return 0;
}

/* A second that has begun counts from its half, and always if there is none before it. */
static unsigned rounded_seconds(const struct timeval *t)
{
    bool more = t->tv_usec >= 500000 || (t->tv_sec == 0 && t->tv_usec > 0);
    return (unsigned)t->tv_sec + (more ? 1 : 0);
}

unsigned ilv__timer_alarm(unsigned seconds)
{
    struct itimerval old;
    ilv__timer_alarm_set(ITIMER_REAL, seconds * ILV_NS_PER_S, 0, &old);
    return rounded_seconds(&old.it_value);
}

static int span_of(const struct timeval *t, uint64_t *ns)
{
    bool in_range = t->tv_usec >= 0 && t->tv_usec < 1000000;
    struct timespec span = {t->tv_sec, in_range ? t->tv_usec * 1000L : -1};
    return ilv__clock_span(&span, ns);
}

int ilv__timer_setitimer(int which, const struct itimerval *new, struct itimerval *old)
{
    uint64_t first = 0;
    uint64_t interval = 0;
    bool wrong = new != NULL && (span_of(&new->it_value, &first) != 0 ||
                                 span_of(&new->it_interval, &interval) != 0);
    return wrong ? -EINVAL : -ilv__timer_alarm_set(which, first, interval, old);
}

/* ---- POSIX timers ------------------------------------------------------------------------- */

static struct timer *find(timer_t id)
{
    uintptr_t index = (uintptr_t)id;
    bool made = index >= ALARMS && index < TIMERS_MAX && timer[index].made;
    return made ? &timer[index] : NULL;
}

static int target_of(const struct sigevent *event, struct task **to)
{
    const struct world *w = &ilv__world;
    *to = NULL;
    if (event->sigev_notify == SIGEV_THREAD)
        ilv__limited("timer_create with SIGEV_THREAD is not modelled");
    if (event->sigev_notify == SIGEV_SIGNAL || event->sigev_notify == SIGEV_NONE)
        return 0;
    if (event->sigev_notify != SIGEV_THREAD_ID)
        return EINVAL;
    for (uint32_t i = 0; i < w->live; i++)
        if (ilv__virtual_tid(&w->task[w->order[i]]) == event->_sigev_un._tid)
            *to = &ilv__world.task[w->order[i]];
    return *to != NULL ? 0 : EINVAL;
}

static int create_error(clockid_t clock, const struct sigevent *event, struct task **to)
{
    uint64_t now = 0;
    if (ilv__clock_now(clock, &now) != 0)
        return EINVAL;
    int error = target_of(event, to);
    bool silent = event->sigev_notify == SIGEV_NONE;
    if (error == 0 && !silent && (event->sigev_signo < 1 || event->sigev_signo > ILV_SIGNAL_MAX))
        error = EINVAL;
    return error;
}

int ilv__timer_create(clockid_t clock, const struct sigevent *event, timer_t *id)
{
    const struct sigevent defaults = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    struct task *to = NULL;
    int error = create_error(clock, event != NULL ? event : &defaults, &to);
    if (error != 0)
        return error;
    uintptr_t i = ALARMS;
    while (i < TIMERS_MAX && timer[i].made)
        i++;
    if (i == TIMERS_MAX)
        return EAGAIN;
    timer[i] = (struct timer){.made = true, .clock = clock, .to = to};
    timer[i].value.sival_ptr = (void *)i;
    if (event != NULL)
        timer[i].value = event->sigev_value;
    timer[i].signal = event != NULL ? event->sigev_signo : SIGALRM;
    timer[i].silent = event != NULL && event->sigev_notify == SIGEV_NONE;
    *id = (timer_t)i;
    return 0;
}

static struct itimerspec shows(struct timer *t)
{
    return (struct itimerspec){ilv__clock_timespec(t->interval), ilv__clock_timespec(left(t))};
}

int ilv__timer_settime(timer_t id, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    struct timer *t = find(id);
    uint64_t first = 0;
    uint64_t interval = 0;
    uint64_t expiry = 0;
    if (t == NULL || ilv__clock_span(&new->it_value, &first) != 0 ||
        ilv__clock_span(&new->it_interval, &interval) != 0)
        return EINVAL;
    begin_step();
    if (old != NULL)
        *old = shows(t);
    if (first != 0 && (flags & TIMER_ABSTIME) != 0)
        ilv__deadline(t->clock, &new->it_value, &expiry);
    else if (first != 0)
        expiry = ilv__clock_deadline(first);
    set(t, expiry, interval);
    step(0);
    return 0;
}

int ilv__timer_gettime(timer_t id, struct itimerspec *now)
{
    struct timer *t = find(id);
    if (t == NULL)
        return EINVAL;
    begin_step();
    *now = shows(t);
    step(0);
    return 0;
}

int ilv__timer_delete(timer_t id)
{
    struct timer *t = find(id);
    if (t == NULL)
        return EINVAL;
    t->made = false;
    note_next();
    return 0;
}

int ilv__timer_overrun(timer_t id)
{
    const struct timer *t = find(id);
    return t != NULL ? t->overrun : -EINVAL;
}
