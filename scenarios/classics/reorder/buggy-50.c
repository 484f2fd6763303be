/* SPDX-License-Identifier: MIT */
/* 50 threads: 49 setters and one checker. */
#define SETTERS 49
#include "halves.h"
