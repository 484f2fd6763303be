/* SPDX-License-Identifier: MIT */
/* A program that is not position-independent. */
/* flags: -fno-pie */
/* link: -no-pie */
/* status: 1 */
/* tells: T0 holds first (abba.h:9) and waits for second (abba.h:10) */
/* says: FOUND deadlock (cycle) in run #: at_fixed_address-deadlock-1.sched */
#include "abba.h"
