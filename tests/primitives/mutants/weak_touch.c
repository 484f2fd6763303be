/* SPDX-License-Identifier: MIT */
/* weak_touch.c: compiled by `interleave cc`; see weak.c. */
void weak_touch(const volatile void *at);

void weak_touch(const volatile void *at)
{
    (void)__atomic_load_n((const volatile unsigned char *)at, __ATOMIC_RELAXED);
}
