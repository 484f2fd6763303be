/* SPDX-License-Identifier: MIT */
/* 4 threads: 3 setters and one checker. */
#define SETTERS 3
#include "halves.h"
