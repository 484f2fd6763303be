/* SPDX-License-Identifier: MIT */
/*
 * usage.h: how programs of campaigns are called, and what each of them needs.
 *
 *     PROGRAM KILLS [KIND...]          the seed is in ILV_TEST_SEED, else 1
 */
#ifndef USAGE_H
#define USAGE_H

#include <stdbool.h>
#include <stdint.h>

unsigned wanted_kills(int argc, char **argv);
bool is_wanted(const char *kind, int argc, char **argv);

/* A number below a bound, drawn by the caller's own generator, which begins anew by the seed that
 * was given, or by another one. */
uint64_t chance(uint64_t below);
void seed_chance(void);
void seed_chance_by(uint64_t seed);

/* Lines are written at once, and an alarm ends the program with this text. */
void begin_campaigns(const char *alarmed);

#endif
