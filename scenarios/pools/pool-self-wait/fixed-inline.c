/* SPDX-License-Identifier: MIT */
/*
 * Run inline: who is a clerk himself translates himself, by a call.
 *
 * Nobody but main waits for the office, and main is no clerk. The price: what could have been done
 * side by side is done one after the other, but for other letters.
 */
#include "common.h"

static void answer(struct letter *letter)
{
    int text = 0;
    translate(NULL, &text);
    send_answer(letter, text);
}
