/* plan.h: a plan in memory: who reports what, by which rules, towards which targets. The plan is data; no code
 * of an office, group, form or indicator stands anywhere else. */
#ifndef TRIBUTARY_PLAN_PLAN_H
#define TRIBUTARY_PLAN_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/decimal.h"
#include "base/period.h"
#include "base/problem.h"
#include "plan/calendar.h"

struct name {
    const char *text[2]; /* by enum language; never NULL in a loaded plan */
};

struct office {
    const char *code;
    struct name name;
    int from, to; /* ROC years it holds for */
};

struct member {
    const struct office *office;
    int from, to;
};

struct group {
    const char *code;
    struct name name;
    struct member *members;
    size_t member_count;
};

/* All offices but some: the city, the city without the one that keeps a budget of its own. */
struct whole {
    const char *code;
    struct name name;
    const struct office **except;
    size_t except_count;
};

struct code_entry {
    const char *code;
    struct name name;
};

struct code_list {
    const char *code;
    struct code_entry *entries;
    size_t entry_count;
};

enum item_type {
    ITEM_COUNT,
    ITEM_MONEY,
    ITEM_DECIMAL,
    ITEM_DATE,
    ITEM_TEXT,
    ITEM_CODE,
    ITEM_CODES,
    ITEM_BOOLEAN,
    ITEM_KEY,
    ITEM_URL,
    ITEM_EMAIL,
    ITEM_PHONE,
};

enum severity { SEVERITY_ERROR, SEVERITY_EXPLAIN, SEVERITY_WARNING };

struct form;
struct element;
struct item;

/* Where the office's other documents already hold a value: a field, the sum of elements, or how many events there were. */
struct origin {
    const struct form *form;
    const struct element **elements; /* added up, also over the periods of the document's year */
    size_t element_count;
    const struct item *field; /* instead of elements: a field's value */
    bool events;              /* instead: how many events were reported … */
    const struct item *where; /* … whose field says so; NULL: all */
    const char *equals;
    int year_offset;       /* its year minus the document's */
    const struct item *on; /* a date field of the document: what was in force then. NULL: at the period's end */
};

/* A field of a form or a column of a table. */
struct item {
    const char *code;
    struct name name;
    enum item_type type;
    const struct code_list *codes; /* for ITEM_CODE and ITEM_CODES */
    struct decimal step;           /* for ITEM_DECIMAL */
    long max_length;               /* characters, for texts */
    const char *unit;              /* person, hour, ntd …; may be NULL */
    bool personal;                 /* kept apart and erasable */
    bool over_offices, over_periods;
    bool carry_over;             /* an empty form brings the value of the period before along */
    const struct origin *origin; /* what it must agree with; NULL: nothing */
    enum severity origin_severity;
    size_t index; /* within its form's fields or its table's columns */
};

struct table {
    const char *code;
    struct name name;
    struct item *columns;
    size_t column_count;
    const struct item **key; /* columns that identify a row; none: rows carry `_row` */
    size_t key_count;
    size_t index;
};

/* A measure a document yields: a numeric field, the rows of a table, or the sum of a column. */
struct element {
    const char *code;
    struct name name;
    const struct item *field; /* set for a field's element */
    const struct table *table;
    const struct item *sum;   /* NULL with a table: rows are counted */
    const struct item *where; /* only rows whose cell equals `equals` */
    const json_t *equals;
    bool over_offices, over_periods; /* whether it may be added over offices and over periods */
    bool in_rollup;
    size_t index;
    int position; /* where the store keeps it; the same in every version of the plan. -1: not stored yet */
};

enum rule_kind {
    RULE_SUM_EQUALS,
    RULE_AT_MOST,
    RULE_REASON_WHEN_POSITIVE,
    RULE_IN_PERIOD,
    RULE_NOT_BEFORE,
    RULE_NOT_TOGETHER,
    RULE_RATIO_REASON,
    RULE_NEEDED,
    RULE_EXPECTED,
    RULE_SUM_AT_MOST,
    RULE_MORE_THAN_HALF,
    RULE_ELEMENT_BETWEEN,
    RULE_LEAST_SHARE,
};

/* One rule over the fields, or over each row of `table`. `subject` is where its finding is put. */
struct rule {
    enum rule_kind kind;
    enum finding_code code;
    enum severity severity;
    const struct table *table; /* NULL: over the fields */
    const struct item *subject;
    const struct item *other;  /* whole, earlier, first, denominator */
    const struct item **parts; /* parts, any, numerator (one) */
    size_t part_count;
    const struct element **elements; /* of the whole document; the finding is put at their table */
    size_t element_count;
    const char *other_equals, *subject_equals;
    const json_t *expected; /* RULE_EXPECTED: the value */
    int share_of, share_in; /* RULE_LEAST_SHARE: at least share_of / share_in */
    bool blank_part_is_zero;
    struct decimal low, high;
    struct name message; /* texts NULL: the catalogue's wording */
    const char *source;
};

enum cross_kind { CROSS_AT_MOST, CROSS_SAME_LINES };

/* A check of a document against the office's other documents. */
struct cross_check {
    enum cross_kind kind;
    enum finding_code code;
    enum severity severity;
    const struct item **parts; /* CROSS_AT_MOST: their sum is at most the origin's */
    size_t part_count;
    struct origin origin;
    const struct table *table, *other_table;      /* CROSS_SAME_LINES: rows of the same key … */
    const struct item **columns, **other_columns; /* … that say the same in these */
    size_t column_count;
    struct name message; /* texts NULL: the catalogue's wording */
    const char *source;
};

/* When a figure's change since the same document of an earlier period is unusual: it rose or fell by at least `rate` per cent
 * and by at least `least`. The first rule that names an element, or a column of rows of the same key, judges it. */
struct unusual_rule {
    bool all; /* every element of the form */
    const struct element **elements;
    size_t element_count;
    const struct table *table; /* instead of elements: the cells of its rows, in these columns */
    const struct item **columns;
    size_t column_count;
    struct decimal rate, least;
    bool last_year, previous; /* held against the year before, or the quarter before */
    const char *source;
};

/* A stage of review: an office of the city, or a body that meets. */
struct stage {
    const char *code;
    struct name name;
    const char *
        role; /* who accepts or returns: "geo", "dbas" …; a body's stage is recorded by that role or a second person of the office */
    bool body; /* recorded against one of its meetings */
    bool own;  /* the body is the office's own */
    /* Of an office's own body: the form that records its meetings, with the day, and what tells whether a meeting counts:
     * more than half of the members were present. NULL: its meetings are recorded by their day, as those of other bodies. */
    const struct form *meetings;
    const struct item *held_on, *members, **present;
    size_t present_count;
};

struct review_stage {
    const struct stage *stage;
    bool official; /* what passed it is official */
};

/* What may be attached to a form. */
struct attachment_slot {
    const char *code;
    struct name name;
    bool required;
    int most;
    const char *source; /* may be NULL */
};

struct due {
    int quarter; /* 0 unless the form is quarterly */
    int year_offset, month, day;
    bool hard;
    const char *source;
};

struct form {
    const char *code;
    struct name name;
    enum period_kind period;
    bool event; /* several a period, each with an event id */
    const struct office **owed_by;
    size_t owed_by_count; /* 0: every office of the year */
    struct item *fields;
    size_t field_count;
    struct table *tables;
    size_t table_count;
    struct element *elements;
    size_t element_count;
    struct rule *rules;
    size_t rule_count;
    struct due *dues;
    size_t due_count;
    struct cross_check *cross_checks;
    size_t cross_check_count;
    struct unusual_rule *unusual;
    size_t unusual_count;
    struct review_stage *stages; /* in order */
    size_t stage_count;
    struct attachment_slot *slots;
    size_t slot_count;
    int least_events;               /* an event form: so many events a year discharge the duty … */
    const struct item *least_where; /* … whose field says so; NULL: any */
    const char *least_equals;
    const struct item *effective_from; /* a date: a later one is a change, not a correction */
    const struct item *counted_on;     /* a date before the year's end makes the figures provisional */
    size_t index;
};

struct target {
    const struct office *office; /* NULL: everyone */
    int year;
    struct decimal percent;
    const char *text;
};

struct ratio {
    const struct element **numerator, **denominator;
    size_t numerator_count, denominator_count;
};

struct ratio_part {
    const char *code;
    struct name name;
    struct ratio ratio;
};

struct indicator {
    const char *code;
    struct name name, note; /* note texts may be NULL */
    const struct form *form;
    struct ratio ratio;
    struct ratio_part *parts;
    size_t part_count;
    struct target *targets;
    size_t target_count;
    const char *source;
};

struct plan {
    const char *code;
    struct name name;
    const char *jurisdiction;
    struct name jurisdiction_name;
    int from, to; /* ROC years */
    bool draft;
    struct calendar calendar;
    struct office *offices;
    size_t office_count;
    struct group *groups;
    size_t group_count;
    struct whole *wholes;
    size_t whole_count;
    struct code_list *code_lists;
    size_t code_list_count;
    struct stage *stages;
    size_t stage_count;
    struct form *forms;
    size_t form_count;
    struct indicator *indicators;
    size_t indicator_count;
    const struct open_data_terms *open_data; /* NULL: nothing is given to the public */
    struct plan_bodies *bodies;              /* and the yearly duties (plan/bodies.h); never NULL in a loaded plan */
    const struct pack_terms *packs;          /* what stands in meeting papers (plan/packs.h); never NULL in a loaded plan */
    json_t *json;                            /* the whole file */
    struct arena *arena;
};

/* Reads and checks a whole plan. `json` is kept (a reference is taken). On success a plan that the caller
 * frees with plan_free(). On faults NULL, and *ret_faults an array of {"path","message"} objects, every fault
 * named, which the caller decrefs. NULL with *ret_faults NULL: out of memory. */
struct plan *plan_load(json_t *json, json_t **ret_faults);
void plan_free(struct plan *plan);

const struct office *plan_office(const struct plan *plan, const char *code);
const struct form *plan_form(const struct plan *plan, const char *code);
const struct indicator *plan_indicator(const struct plan *plan, const char *code);
const struct item *form_field(const struct form *form, const char *code);
const struct table *form_table(const struct form *form, const char *code);
const struct item *table_column(const struct table *table, const char *code);
const struct element *form_element(const struct form *form, const char *code);
const struct code_entry *code_list_entry(const struct code_list *list, const char *code);

/* The ROC year whose groups and offices hold for `period` (the plan's first year for PERIOD_PLAN). */
int plan_period_year(const struct plan *plan, struct period period);

/* Whether the period fits the form's kind and the plan's years. */
bool plan_has_period(const struct plan *plan, const struct form *form, struct period period);

/* Whether `office` owes `form` in ROC `year`. */
bool form_owed_by(const struct form *form, const struct office *office, int year);

/* The target of an office (NULL: of everyone) in a year; an office without one of its own has everyone's.
 * NULL when there is none. */
const struct target *indicator_target(const struct indicator *indicator, const struct office *office, int year);

bool item_is_number(const struct item *item);

/* "error", "explain", "warning", as the plan file writes them. */
bool severity_parse(const char *text, enum severity *ret_severity);

/* "count", "money" … as the plan file writes it. */
const char *item_type_name(enum item_type type);

#endif
