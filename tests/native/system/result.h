/* SPDX-License-Identifier: MIT */
/* What every program here prints: the name of a call and its value, or minus its errno. */
#ifndef NATIVE_SYSTEM_RESULT_H
#define NATIVE_SYSTEM_RESULT_H

#include <errno.h>
#include <stdio.h>

static inline long result_of(long value)
{
    return value < 0 ? -errno : value;
}

#define SHOW(call) printf("%s = %ld\n", #call, result_of((long)(call)))

#endif
