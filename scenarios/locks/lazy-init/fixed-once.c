/* SPDX-License-Identifier: MIT */
/*
 * pthread_once: whoever returns from it comes after the making, whoever did it.
 */
#include "common.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct settings only;

static void make(void)
{
    only = (struct settings){.width = 80, .height = 24};
}

static struct settings *settings(void)
{
    pthread_once(&once, make);
    return &only;
}
