/* SPDX-License-Identifier: MIT */
/*
 * The wraps of libc.def whose calls take a list of arguments.
 */
#include <stdarg.h>
#include <stdio.h>

#include "libc.h"

#define HIDDEN __attribute__((visibility("hidden")))

int __real_vsprintf(char *to, const char *format, va_list list);
int __real_vsnprintf(char *to, size_t n, const char *format, va_list list);
int __real___vsprintf_chk(char *to, int flag, size_t room, const char *format, va_list list);
int __real___vsnprintf_chk(char *to, size_t n, int flag, size_t room, const char *format,
                           va_list list);

/* Tells the format before the call, and after it what was written: at most room bytes. */
static void format_told(const char *format, const void *pc)
{
    const struct ilv_access_hooks *hooks = ilv__hooks();
    if (hooks)
        hooks->libc_read(format, ilv__text(format), pc);
}

static int result_told(const char *to, int result, size_t room, const void *pc)
{
    const struct ilv_access_hooks *hooks = ilv__hooks();
    if (hooks && result >= 0 && room)
        hooks->libc_write(to, (size_t)result < room ? (size_t)result + 1 : room, pc);
    return result;
}

#define FORMATTED(call, room)      \
    va_list list;                  \
    format_told(format, ILV_PC()); \
    va_start(list, format);        \
    int result = call;             \
    va_end(list);                  \
    return result_told(to, result, room, ILV_PC())

int __wrap_sprintf(char *to, const char *format, ...);
HIDDEN __attribute__((format(printf, 2, 3))) int __wrap_sprintf(char *to, const char *format, ...)
{
    FORMATTED(__real_vsprintf(to, format, list), SIZE_MAX);
}

int __wrap_snprintf(char *to, size_t n, const char *format, ...);
HIDDEN __attribute__((format(printf, 3, 4))) int __wrap_snprintf(char *to, size_t n,
                                                                 const char *format, ...)
{
    FORMATTED(__real_vsnprintf(to, n, format, list), n);
}

int __wrap___sprintf_chk(char *to, int flag, size_t room, const char *format, ...);
HIDDEN __attribute__((format(printf, 4, 5))) int
__wrap___sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
{
    FORMATTED(__real___vsprintf_chk(to, flag, room, format, list), SIZE_MAX);
}

int __wrap___snprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, ...);
HIDDEN __attribute__((format(printf, 5, 6))) int
__wrap___snprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, ...)
{
    FORMATTED(__real___vsnprintf_chk(to, n, flag, room, format, list), n);
}

/* What scanf stores is not told. */
#define SCANNED(wrap, scan)                                                                    \
    int wrap(const char *from, const char *format, ...);                                       \
    HIDDEN __attribute__((format(scanf, 2, 3))) int wrap(const char *from, const char *format, \
                                                         ...)                                  \
    {                                                                                          \
        va_list list;                                                                          \
        format_told(format, ILV_PC());                                                         \
        format_told(from, ILV_PC());                                                           \
        va_start(list, format);                                                                \
        int result = scan(from, format, list);                                                 \
        va_end(list);                                                                          \
        return result;                                                                         \
    }

int __isoc99_vsscanf(const char *from, const char *format, va_list list);
/* The older one reads %a as a string with a buffer of its own. */
int ilv__old_vsscanf(const char *from, const char *format, va_list list) __asm__("vsscanf");

SCANNED(__wrap_sscanf, ilv__old_vsscanf)
SCANNED(__wrap___isoc99_sscanf, __isoc99_vsscanf)
