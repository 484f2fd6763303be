/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t state;
static const char *last_words;

unsigned wanted_kills(int argc, char **argv)
{
    return argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
}

bool is_wanted(const char *kind, int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], kind) == 0)
            return true;
    return argc <= 2;
}

uint64_t chance(uint64_t below)
{
    state += 0x9e3779b97f4a7c15U;
    uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (z ^ (z >> 31)) % below;
}

void seed_chance_by(uint64_t seed)
{
    state = seed;
}

void seed_chance(void)
{
    const char *seed = getenv("ILV_TEST_SEED");
    seed_chance_by(seed != NULL ? strtoull(seed, NULL, 10) : 1);
}

static void bark(int number)
{
    (void)number;
    (void)!write(STDOUT_FILENO, last_words, strlen(last_words));
    _exit(1);
}

void begin_campaigns(const char *alarmed)
{
    last_words = alarmed;
    signal(SIGALRM, bark);
    setvbuf(stdout, NULL, _IOLBF, 0);
}
