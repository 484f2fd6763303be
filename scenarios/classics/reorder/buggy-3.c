/* SPDX-License-Identifier: MIT */
/* 3 threads: 2 setters and one checker. */
#define SETTERS 2
#include "halves.h"
