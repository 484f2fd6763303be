/* SPDX-License-Identifier: MIT */
/* 20 threads: 19 setters and one checker. */
#define SETTERS 19
#include "halves.h"
