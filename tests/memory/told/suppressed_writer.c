/* SPDX-License-Identifier: MIT */
/* A race is dropped by the function of one of its accesses, whichever comes first. */
/* file: given race:^writes$ */
/* options: --suppress given */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include "one_race.h"
