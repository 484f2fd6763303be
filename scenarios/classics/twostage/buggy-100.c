/* SPDX-License-Identifier: MIT */
/* 100 threads: 99 publishers and one reader. */
#define PUBLISHERS 99
#include "stages.h"
