/* SPDX-License-Identifier: MIT */
/* The same in another library. */
#include "joining.c"
