/* SPDX-License-Identifier: MIT */
/*
 * places.h: which word of memory is which place (location.h), and the places that are known from
 * earlier runs.
 */
#ifndef ILV_PLACES_H
#define ILV_PLACES_H

#include "location.h"
#include "objects/blocks.h"
#include "runtime.h"

/* The place of a word; false if it has none (a mapping of the program's own). */
bool ilv__place_of(uint64_t word, struct ilv_location *place);
/* An object of class MEMORY for the word of this byte, after which it is named. */
uint32_t ilv__place_object(uint64_t address);
/* The memory of t's stack and thread-local data; false if it is not known. */
bool ilv__place_stack(const struct task *t, uint64_t *bottom, uint64_t *top);

/* The known places (the block's points; with record, its watches too). */
typedef void known_fn(uint64_t word, bool watch);
void ilv__places_begin(bool record);
void ilv__places_in_modules(known_fn *tell);
void ilv__places_in_stack(const struct task *t, known_fn *tell);
void ilv__places_in_block(const struct block *block, known_fn *tell);

/* Whether the instruction lies in code that the user chose to have points (--points PATTERN). */
bool ilv__place_chosen(const void *pc);

#endif
