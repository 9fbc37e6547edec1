/* protect.h: which figures must be withheld so that no small count of persons can be found out from what is published.
 *
 * The question is put in terms of *cells*: x(office, column), the value that one office reported in one column; a column
 * is one element of one form in one period. Everything published is a sum of cells (groups, the city, the city without
 * some office, a year of quarters, an indicator's numerator) or follows from such sums. Columns that a rule of the plan
 * ties together form a *family*. Three decisions are made, and only these:
 *
 *   - an office is withheld in a family: none of its cells there is published, nor what is added up from them;
 *   - a unit is withheld in a family: none of its totals there is published;
 *   - an indicator is withheld for groups and wholes: it isn't published above the offices.
 *
 * A cell of 1 to smallest-1 persons is *small*: its office is withheld, and so is a unit with a small total. Then offices
 * and, where these don't suffice, units are withheld until each small figure passes this test: by moving persons between
 * withheld offices that stand behind exactly the same published sums, another world can be made that obeys every rule
 * of the plan, agrees with everything published, and in which the figure is 0; and one in which it is `smallest` or more.
 * Whoever sees only what is published can then tell neither that the figure is small nor that it isn't zero. The proof
 * is a pair of worlds of whole persons, so it holds against any reckoning, integer programming included.
 *
 * Only rules that no document may break are reckoned with; where an office can explain itself instead, nobody can rely on
 * the rule. A family with limits of its own in it (one to three members) is withheld as a whole where it counts persons.
 *
 * An outsider is meant, who has the plan and all that is published; an office that is withheld itself knows its own cells
 * and, where only two are withheld, the other's.
 *
 * A true zero is published like a large figure: it says of no person what they did. */
#ifndef TRIBUTARY_OPEN_DATA_PROTECT_H
#define TRIBUTARY_OPEN_DATA_PROTECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum relation_kind {
    RELATION_AT_MOST, /* the parts together are at most the whole */
    RELATION_SUM,     /* the parts add up to whole */
    RELATION_TIED,    /* parts[0] and whole have to do with each other, nobody says how */
};

/* A rule of the plan over the cells of one office. */
struct relation {
    enum relation_kind kind;
    size_t whole;
    const size_t *parts;
    size_t part_count;
};

struct column {
    bool sensitive; /* counts persons */
    bool bounded;   /* a rule sets it limits of its own: no world could be made in which it is large */
    size_t period;
};

struct protection_unit {
    const bool *members; /* by office */
    int cost;            /* withheld the sooner, the less it costs */
};

/* An indicator counts an office in a period or it doesn't: then nothing of it is in its sums. */
struct protection_indicator {
    const size_t *columns; /* of which its sums are made */
    size_t column_count;
    const bool *counted; /* [period * office_count + office] */
};

struct protection {
    int64_t smallest;
    size_t office_count, column_count, unit_count, indicator_count, relation_count, period_count;
    const struct column *columns;
    const int64_t *values; /* [column * office_count + office] */
    const bool *known;     /* the same: whether the cell has a value */
    const struct protection_unit *units;
    const struct protection_indicator *indicators;
    const struct relation *relations;

    /* what protect() decides; in its arena */
    size_t family_count;
    size_t *family_of;        /* by column */
    bool *office_withheld;    /* [family * office_count + office] */
    bool *unit_withheld;      /* [family * unit_count + unit] */
    bool *indicator_withheld; /* above the offices */
};

/* Decides. False when memory is short. */
bool protect(struct protection *protection, struct arena *arena);

/* Whether an office's cell, or a unit's total, in a column is withheld. */
bool is_office_withheld(const struct protection *protection, size_t column, size_t office);
bool is_unit_withheld(const struct protection *protection, size_t column, size_t unit);

/* Whether an indicator is withheld for a unit: itself, or a column it is made of. */
bool is_indicator_withheld(const struct protection *protection, size_t indicator, size_t unit);
/* For one office: a column it is made of, where the office is counted. */
bool is_indicator_withheld_of(const struct protection *protection, size_t indicator, size_t office);

#endif
