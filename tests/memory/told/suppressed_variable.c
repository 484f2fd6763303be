/* SPDX-License-Identifier: MIT */
/* A race is dropped by the name of its variable. */
/* file: given data-race:^count$ */
/* options: --suppress given */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include "one_race.h"
