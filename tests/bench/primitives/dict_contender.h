/* SPDX-License-Identifier: MIT */
/* dict_contender.h: what dict.c measures: a dict of 16-byte keys and 64-byte values that several
 * processes share. */
#ifndef DICT_CONTENDER_H
#define DICT_CONTENDER_H

#ifdef __cplusplus
extern "C" {
#endif

enum {
    KEY = 16,
    VALUE = 64,
};

struct contender {
    const char *name;
    int (*make)(unsigned long keys); /* once, before any process; 0, or it is left out aloud */
    int (*begin)(void);              /* in each process that uses it */
    int (*set)(const void *key, const void *value);
    int (*get)(const void *key, void *value);
};

extern const struct contender dict_ilv;
extern const struct contender dict_boost_robust;
extern const struct contender dict_boost_plain;
extern const struct contender dict_lmdb;

#ifdef __cplusplus
}
#endif

#endif
