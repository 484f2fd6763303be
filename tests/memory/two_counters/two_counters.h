/* SPDX-License-Identifier: MIT */
/* The counters, and what lies in the other file. */
#ifndef TWO_COUNTERS_H
#define TWO_COUNTERS_H

#include <stdatomic.h>

extern atomic_int left;
extern atomic_int right;

void adds_right(void);

#endif
