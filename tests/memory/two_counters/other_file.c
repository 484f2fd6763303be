/* SPDX-License-Identifier: MIT */
#include "two_counters.h"

void adds_right(void)
{
    int was = atomic_load(&right);
    atomic_store(&right, was + 1);
}
