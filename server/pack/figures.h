/* figures.h: what the sections of figures share: the units that stand in their tables, the rooms' answers by unit, and
 * words. Private to pack/. */
#ifndef TRIBUTARY_PACK_FIGURES_H
#define TRIBUTARY_PACK_FIGURES_H

#include "figures/figures.h"
#include "pack/making.h"

/* The words "not known" of a cell. */
#define NOT_KNOWN "—"

enum unit_kind {
    UNIT_HEADING, /* the name of a group above its offices */
    UNIT_OFFICE,
    UNIT_GROUP,
    UNIT_GROUP_WITHOUT, /* a group without the offices that a whole leaves out */
    UNIT_WHOLE,
};

/* A row of a table by unit. */
struct pack_unit {
    enum unit_kind kind;
    const char *code; /* of the office, group or whole */
    const char *name; /* in the pack's language */
    const struct group *group;
    const struct whole *whole; /* UNIT_WHOLE, UNIT_GROUP_WITHOUT */
};

struct pack_units {
    struct pack_unit *units;
    size_t count;
};

/* The offices that the pack looks at, as the groups were in a year, with their groups; then the other groups' totals (of a
 * group's pack), and the city's. `wholes`: also without the offices that a whole leaves out. */
struct pack_units units_of(struct pack_making *making, int year, bool wholes);

/* Groups and wholes only; before them the office, in the pack of an office. */
struct pack_units units_in_sum(struct pack_making *making, int year);

bool unit_is_total(const struct pack_unit *unit);

/* ---- answers ------------------------------------------------------------------------------------------------------ */

/* Offices, groups and wholes in one answer, which the caller owns. False: the section gives up. The revisions behind
 * indicators are named among the pack's sources. */
bool ask_indicators(struct pack_making *making, const struct form *form, int year, json_t **ret_answers);
bool ask_rollups(struct pack_making *making, const struct form *form, struct period period, json_t **ret_answers);

/* A unit's object; NULL if the answer has none (a heading, a group without some office). `indicator` NULL: of a roll-up. */
const json_t *answer_of(const json_t *answers, const char *indicator, const struct pack_unit *unit);

/* The offices of a unit that another whole doesn't leave out, one by one: those of UNIT_GROUP_WITHOUT. */
bool unit_keeps(const struct pack_unit *unit, const struct office *office, int year);

/* ---- words -------------------------------------------------------------------------------------------------------- */

/* "113" or "2024". */
const char *year_text(const struct pack_making *making, int year);

/* An office's name for a narrow column: broken before what all names end with ("桃園" above "區公所"). */
const char *narrow_name(const struct pack_making *making, const struct office *office);

/* The note under a chart whose figures stand in a table: `text`, and that the rest is said there. */
void note_as_table(const struct pack_making *making, struct paper_chart *chart, const struct paper_table *table,
                   const char *text);

/* A number of an answer as a decimal; NOT_KNOWN for null. */
const char *figure_text(const struct pack_making *making, const json_t *number);

/* "113/4/30" or "2024-04-30" of an ISO date; NOT_KNOWN for NULL. */
const char *date_text(const struct pack_making *making, const char *iso);

/* Names of offices by codes such as "68000130" or "68000130/113Q2": "復興區公所（113年第2季）、…". */
const char *offices_text(const struct pack_making *making, const json_t *codes);

/* "涵蓋機關數：第1組 7/7；第2組 5/6（未填報：…）。" of each total among the units; of figures `by_quarter` each office counts once
 * a quarter. */
const char *coverage_text(struct pack_making *making, const struct pack_units *units, const json_t *answers,
                          const char *indicator, bool by_quarter);

/* Joins texts with a mark of the language between them: "、" or ", ". `first` may be NULL. */
const char *join_text(const struct pack_making *making, const char *first, const char *second);

/* Says that there is nothing, and why. */
void say_nothing(struct pack_making *making, const char *why);

/* The last day on which a form is due for a period, as people read it; NULL: the plan gives none. */
const char *due_text(const struct pack_making *making, const struct form *form, struct period period);

/* Whether some indicator of the form has targets. */
bool form_has_targets(const struct plan *plan, const struct form *form);

/* Whether the plan has figures of a year; if not, it is said. */
bool year_is_in_plan(struct pack_making *making, int year);

/* "一般公務人員…（男）＋…（女）" */
const char *elements_text(const struct pack_making *making, const struct element *const *elements, size_t count);

#endif
