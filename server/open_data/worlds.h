/* worlds.h: moving persons from one office to another without breaking a rule of the plan. Private to open_data/. */
#ifndef TRIBUTARY_OPEN_DATA_WORLDS_H
#define TRIBUTARY_OPEN_DATA_WORLDS_H

#include "open_data/protect.h"

int64_t cell_value(const struct protection *protection, size_t column, size_t office);
bool cell_is_known(const struct protection *protection, size_t column, size_t office);

/* Whether `to` can take over so much from `from` that the cell (column, from) becomes 0, both still obeying the rules,
 * whatever else of the kind is moved to `to`. */
bool can_take_all(const struct protection *protection, size_t family, size_t column, size_t from, size_t to);

/* How many persons of (column, from) can be moved to `to`, both still obeying the rules, whatever else of the kind is
 * moved to `to`. 0: none. */
int64_t can_move(const struct protection *protection, size_t family, size_t column, size_t from, size_t to);

#endif
