/* SPDX-License-Identifier: MIT */
/*
 * syscalls.c: the table of system calls (syscalls.def) and its one entrance.
 */
#include "intercept/syscalls.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

typedef long model_fn(const long *arguments);

#define MODEL(name) long ilv__sys_##name(const long *) ILV_HIDDEN;
#define SIGNAL(name) long ilv__sys_##name(const long *) ILV_HIDDEN __attribute__((weak));
#define PASS(name)
#define LIMITED(name)
#define REFUSE(name)
#include "intercept/syscalls.def"
#undef MODEL
#undef SIGNAL
#undef PASS
#undef LIMITED
#undef REFUSE

enum class { UNKNOWN, MODELLED, PASSED, IS_LIMITED, REFUSED };

struct row {
    const char *name;
    model_fn *model;
    uint8_t cls;
};

static const struct row row[ILV_SYSCALLS_END] = {
#define MODEL(name) [SYS_##name] = {#name, ilv__sys_##name, MODELLED},
#define SIGNAL(name) [SYS_##name] = {#name, ilv__sys_##name, MODELLED},
#define PASS(name) [SYS_##name] = {#name, NULL, PASSED},
#define LIMITED(name) [SYS_##name] = {#name, NULL, IS_LIMITED},
#define REFUSE(name) [SYS_##name] = {#name, NULL, REFUSED},
#include "intercept/syscalls.def"
#undef MODEL
#undef SIGNAL
#undef PASS
#undef LIMITED
#undef REFUSE
};

static const struct row *row_of(long number)
{
    static const struct row none;
    return number >= 0 && number < ILV_SYSCALLS_END ? &row[number] : &none;
}

/* Calls that cannot be made again from inside a handler, and are left alone by the filter. */
static bool needs_its_own_frame(uint32_t number)
{
    return number == SYS_rt_sigreturn || number == SYS_clone || number == SYS_clone3 ||
           number == SYS_vfork || number == SYS_fork || number == SYS_exit;
}

bool ilv__syscall_trapped(uint32_t number)
{
    return row_of(number)->cls != PASSED && !needs_its_own_frame(number) &&
           row_of(number)->name != NULL;
}

static ILV_NORETURN void limit(const char *name, long number)
{
    char text[64] = "system call ";
    size_t at = strlen(text);
    if (name != NULL)
        ilv__limited(name);
    char digits[24];
    size_t n = 0;
    for (unsigned long rest = (unsigned long)number; n == 0 || rest > 0; rest /= 10)
        digits[n++] = (char)('0' + rest % 10);
    while (n > 0)
        text[at++] = digits[--n];
    text[at] = 0;
    ilv__limited(text);
}

long ilv__syscall_model(long number, const long *a)
{
    const struct row *r = row_of(number);
    if (r->cls == PASSED)
        return ilv__syscall_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (r->cls == MODELLED && r->model != NULL)
        return r->model(a);
    if (r->cls == REFUSED)
        return -ENOSYS;
    limit(r->name, number);
}

long ilv__syscall(long number, long a, long b, long c, long d, long e, long f)
{
    const long arguments[6] = {a, b, c, d, e, f};
    return ilv__syscall_model(number, arguments);
}
