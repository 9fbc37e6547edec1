/* chance.h: how far the rate of an office may lie from its group's by chance alone. The people counted are all there are, no
 * sample of anybody: an office's rate is exact. What chance could do is asked of the group as it is: if it were drawn by lot
 * which of all its people are the trained ones, how many of them would an office of so many people have? That is the
 * hypergeometric distribution, which needs no people but these. In whole numbers, exactly; no floating point. */
#ifndef TRIBUTARY_PACK_CHANCE_H
#define TRIBUTARY_PACK_CHANCE_H

#include <stdbool.h>

#include "base/arena.h"

enum { CHANCE_MOST_PEOPLE = 20000, CHANCE_TAIL = 40 };

/* Fewer than `low`, and more than `high`, each come about with a probability of at most 1 in CHANCE_TAIL (2.5 %). */
struct chance_limits {
    int low, high;
};

/* `part` of `whole` people are trained, and an office has `size` of them. False if these aren't 0 ≤ part ≤ whole ≤
 * CHANCE_MOST_PEOPLE and 0 < size ≤ whole, or without memory in the arena (about whole / 2 bytes). */
bool chance_limits(struct arena *arena, int whole, int part, int size, struct chance_limits *ret_limits);

#endif
