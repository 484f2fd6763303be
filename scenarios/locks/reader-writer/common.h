/* SPDX-License-Identifier: MIT */
/*
 * A configuration that two readers look at again and again while a writer replaces it. Whether
 * readers and writer get along is what the variants are about.
 */
#include "scenario.h"

#define READS 4

static int version; /* of the configuration; 0: not loaded */
static int copy;    /* always equal to version when nobody writes */

static int read_config(void);
static void write_config(int wanted);

/* Both need the lock: held for reading, and for writing. */
static int look(void)
{
    scenario_check(copy == version, "a reader sees a whole configuration");
    return version;
}

static void replace(int wanted)
{
    version = wanted;
    copy = wanted;
}

static void *writer(void *unused)
{
    write_config(1);
    return unused;
}

static void *reader(void *unused)
{
    int last = 0;
    for (int i = 0; i < READS; i++) {
        int now = read_config();
        scenario_check(now >= last, "a configuration never gets older");
        last = now;
    }
    return unused;
}

int main(void)
{
    pthread_t writes = scenario_start(writer, NULL);
    scenario_give_way();
    pthread_t first = scenario_start(reader, NULL);
    pthread_t second = scenario_start(reader, NULL);
    scenario_join(writes);
    scenario_join(first);
    scenario_join(second);
    scenario_check(version == 1, "the configuration is the new one");
    return 0;
}
