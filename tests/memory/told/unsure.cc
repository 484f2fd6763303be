/* SPDX-License-Identifier: MIT */
/* A race in a program with a library that is not seen, which could have ordered it: not certain, so
 * the program is not accused, and the user is told. */
/* status: 0 */
/* says: unsure: unsure-race in # run*: a race that unseen code could have ordered; it is told with --fail-on unsure-race */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include "one_unsure_race.h"
