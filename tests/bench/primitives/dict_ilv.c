/* SPDX-License-Identifier: MIT */
#include <ilv/dict.h>

#include "dict_contender.h"

static struct ilv_dict *dict;

static int make(unsigned long keys)
{
    dict = ilv_dict_create(ilv_arena_create(NULL, 0, 0));
    return dict == NULL || keys == 0;
}

static int begin(void)
{
    return 0;
}

static int set(const void *key, const void *value)
{
    return ilv_dict_set(dict, key, KEY, value, VALUE);
}

static int get(const void *key, void *value)
{
    return ilv_dict_get(dict, key, KEY, value, VALUE, NULL);
}

const struct contender dict_ilv = {
    .name = "ilv_dict", .make = make, .begin = begin, .set = set, .get = get};
