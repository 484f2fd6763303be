/* SPDX-License-Identifier: MIT */
/* Ends with another status in the sandbox. */
#include <time.h>

int main(void)
{
    return time(NULL) < 1000000000 ? 3 : 4;
}
