/* SPDX-License-Identifier: MIT */
/* One keeper and three others. */
#define OTHERS 3
#include "own-lock.h"
