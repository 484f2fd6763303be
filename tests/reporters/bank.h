/* SPDX-License-Identifier: MIT */
/*
 * bank.h: a program that was never run under the sandbox but could have been. Its calls note where
 * they were made, so that a run written by hand has real places.
 */
#ifndef ILV_BANK_H
#define ILV_BANK_H

#include <pthread.h>
#include <stdint.h>

struct account {
    long balance;
    pthread_mutex_t lock;
};

extern pthread_mutex_t lock_a;
extern pthread_mutex_t lock_b;
extern pthread_cond_t ready;
extern struct account accounts[3];

/* As one of our primitives is. */
struct ilv_stock {
    int places;
    int taken;
};

extern struct ilv_stock orders;
extern pthread_mutex_t drawer;

/* The calls, in the order in which bank_walk() makes them. */
enum bank_call {
    MAIN_CREATE_ONE,
    MAIN_CREATE_TWO,
    MAIN_JOIN,
    ONE_LOCK_A,
    ONE_LOCK_B,
    ONE_UNLOCK,
    TWO_LOCK_B,
    TWO_LOCK_A,
    TWO_UNLOCK,
    CONSUMER_LOCK,
    CONSUMER_WAIT,
    PRODUCER_SIGNAL,
    AUDIT_HELPER,
    HELPER_CHECK,
    TRADE_PUT, /* calls of our primitives, and what they do inside */
    TRADE_TAKE,
    TRADE_LOCK,
    STOCK_PUT_FIRST,
    STOCK_PUT_THEN,
    STOCK_TAKE_SLEEP,
    STOCK_TAKE_AWAKE,
    STOCK_TAKE_THEN,
    STOCK_LOCK,
    STOCK_KEEPER,
    BANK_CALLS
};

/* Where each call returns to. */
extern uintptr_t bank_return[BANK_CALLS];

/* Goes through all calls once. */
void bank_walk(void);

#endif
