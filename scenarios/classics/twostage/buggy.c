/* SPDX-License-Identifier: MIT */
/* One publisher and one reader. */
#define PUBLISHERS 1
#include "stages.h"
