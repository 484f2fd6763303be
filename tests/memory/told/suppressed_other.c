/* SPDX-License-Identifier: MIT */
/* A race is not dropped by what it has nothing to do with. */
/* file: given race:^run_threads$ */
/* options: --suppress given */
/* status: 1 */
/* tells: T0.# writes count: # -> # (one_race.h:#) */
/* says: FOUND data-race in run #: suppressed_other-data-race-1.sched */
#include "one_race.h"
