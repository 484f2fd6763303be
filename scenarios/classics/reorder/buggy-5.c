/* SPDX-License-Identifier: MIT */
/* 5 threads: 4 setters and one checker. */
#define SETTERS 4
#include "halves.h"
