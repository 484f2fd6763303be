/* SPDX-License-Identifier: MIT */
/* Runs are to begin at a function that is never called. */
/* options: --start-at never */
/* flags: -fvisibility=default */
/* status: 2 */
/* errors: interleave: ./never_comes_to_symbol: ended before never was reached; name a function that the program calls */
void never(void);

void never(void)
{
}

int main(void)
{
    return 0;
}
