/* SPDX-License-Identifier: MIT */
/* 100 threads: 99 setters and one checker. */
#define SETTERS 99
#include "halves.h"
