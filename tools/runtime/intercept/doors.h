/* SPDX-License-Identifier: MIT */
/*
 * doors.h: how a door is written. For a row of doors.def, define `ilv_door_<name>` in
 * intercept/<group>.c; entries.S binds it to the public symbol with its exact versions.
 *
 *     int ilv_door_pthread_mutex_lock(pthread_mutex_t *mutex)
 *     {
 *         ILV_DOOR(int, pthread_mutex_lock(mutex), ilv__mutex_lock(mutex, 0, NULL));
 *     }
 *
 * The second argument is the call of the real function, the third that of the model.
 */
#ifndef ILV_DOORS_H
#define ILV_DOORS_H

#include "runtime.h"

#define DOOR(type, name, version, parameters) type ilv_door_##name parameters;
#define DOOR2(type, name, version, older, parameters) type ilv_door_##name parameters;
#include "intercept/doors.def"
#undef DOOR
#undef DOOR2

#define ILV_DOOR(type, real_call, model_call) \
    if (!ilv__managed())                      \
        return ilv__real()->real_call;        \
    ilv__enter();                             \
    type ilv_door_result = (model_call);      \
    ilv__exit();                              \
    return ilv_door_result

/* For calls that return -1 and set errno: the model returns a value or -errno. */
#define ILV_DOOR_ERRNO(type, real_call, model_call) \
    if (!ilv__managed())                            \
        return ilv__real()->real_call;              \
    ilv__enter();                                   \
    long ilv_door_result = (long)(model_call);      \
    ilv__exit();                                    \
    return (type)ilv__errno(ilv_door_result)

/* Splits a value or -errno: sets errno and returns -1 for -4095..-1, else the value. */
long ilv__errno(long result);

#endif
