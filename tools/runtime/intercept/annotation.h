/* SPDX-License-Identifier: MIT */
/* annotation.h: what programs say of themselves (tools/access/annotations.def). */
#ifndef ILV_ANNOTATION_H
#define ILV_ANNOTATION_H

#include <stdint.h>

uintptr_t ilv__annotation(unsigned annotation, const void *address, uintptr_t value,
                          const void *pc);

#endif
