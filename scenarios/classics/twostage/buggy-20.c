/* SPDX-License-Identifier: MIT */
/* 20 threads: 19 publishers and one reader. */
#define PUBLISHERS 19
#include "stages.h"
