/* SPDX-License-Identifier: MIT */
/* A program without symbols and lines. */
/* link: -s */
/* status: 1 */
/* tells: deadlock (cycle): each waits for what the next one holds */
/* says: FOUND deadlock (cycle) in run #: stripped-deadlock-1.sched */
#include "abba.h"
