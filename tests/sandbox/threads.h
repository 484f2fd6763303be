/* SPDX-License-Identifier: MIT */
/* threads.h: what the programs of this room share. */
#ifndef THREADS_H
#define THREADS_H

#include "program.h"

/* Which of its faults a program is built with; 0: none. */
#ifndef FAULT
#define FAULT 0
#endif
static const int fault = FAULT;

#endif
