/* SPDX-License-Identifier: MIT */
/* LMDB at its fastest: no syncing, a writable map, a read transaction that is renewed for each
 * get. */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dict_contender.h"

static char folder[] = "/dev/shm/ilv-bench-XXXXXX";
static MDB_env *env;
static MDB_dbi dbi;
static MDB_txn *reader;

static void clean_up(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/data.mdb", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/lock.mdb", folder);
    unlink(path);
    rmdir(folder);
}

/* An environment is not for use after a fork: each process opens its own. */
static int begin(void)
{
    MDB_txn *txn;
    reader = NULL;
    return mdb_env_create(&env) || mdb_env_set_mapsize(env, (size_t)256 << 20) ||
           mdb_env_open(env, folder, MDB_NOSYNC | MDB_NOMETASYNC | MDB_WRITEMAP, 0600) ||
           mdb_txn_begin(env, NULL, 0, &txn) || mdb_dbi_open(txn, NULL, 0, &dbi) ||
           mdb_txn_commit(txn);
}

static int make(unsigned long keys)
{
    if (keys == 0 || mkdtemp(folder) == NULL)
        return 1;
    atexit(clean_up);
    return 0;
}

static int set(const void *key, const void *value)
{
    MDB_txn *txn;
    MDB_val k = {.mv_size = KEY, .mv_data = (void *)(unsigned long)key};
    MDB_val v = {.mv_size = VALUE, .mv_data = (void *)(unsigned long)value};
    return mdb_txn_begin(env, NULL, 0, &txn) || mdb_put(txn, dbi, &k, &v, 0) || mdb_txn_commit(txn);
}

static int get(const void *key, void *value)
{
    MDB_val k = {.mv_size = KEY, .mv_data = (void *)(unsigned long)key};
    MDB_val v;
    int error =
        reader == NULL ? mdb_txn_begin(env, NULL, MDB_RDONLY, &reader) : mdb_txn_renew(reader);
    if (error == 0)
        error = mdb_get(reader, dbi, &k, &v);
    if (error == 0)
        memcpy(value, v.mv_data, VALUE);
    mdb_txn_reset(reader);
    return error;
}

const struct contender dict_lmdb = {
    .name = "LMDB", .make = make, .begin = begin, .set = set, .get = get};
