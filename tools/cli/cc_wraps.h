/* SPDX-License-Identifier: MIT */
/*
 * cc_wraps.h: the calls that the linker leads to our stubs. Part of the command cc.
 */
#ifndef ILV_CC_WRAPS_H
#define ILV_CC_WRAPS_H

#include <stdbool.h>

/* One word for a compiler that links: -Wl,--wrap=memcpy,... The tables of libc and annotations;
 * with tsan in an executable also all callbacks, which go on to ThreadSanitizer's own. free()
 * it. */
char *ilv__cc_wraps(bool tsan, bool shared);

#endif
