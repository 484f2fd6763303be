/* SPDX-License-Identifier: MIT */
/* 10 threads: 9 setters and one checker. */
#define SETTERS 9
#include "halves.h"
