/* SPDX-License-Identifier: MIT */
/* One keeper and seven others. */
#define OTHERS 7
#include "own-lock.h"
