/* SPDX-License-Identifier: MIT */
/* 50 threads: 49 publishers and one reader. */
#define PUBLISHERS 49
#include "stages.h"
