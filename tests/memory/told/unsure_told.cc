/* SPDX-License-Identifier: MIT */
/* The same, told when it is asked for. */
/* options: --fail-on unsure-race */
/* status: 1 */
/* tells: T0.# writes unguarded: # -> # (one_unsure_race.h:#) */
/* says: FOUND unsure-race in run #: unsure_told-unsure-race-1.sched */
#include "one_unsure_race.h"
