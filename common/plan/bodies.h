/* bodies.h: the bodies that a plan names (task groups, liaison meetings, divisions, the council), their rules, and the
 * yearly duties of each office. All of it is data: no code of a body or duty stands anywhere else. */
#ifndef TRIBUTARY_PLAN_BODIES_H
#define TRIBUTARY_PLAN_BODIES_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

enum { BODY_MONTHS_MOST = 12, BODY_NO_LIMIT = -1 };

enum body_kind {
    BODY_TASK_GROUP,    /* 專案小組 of an office */
    BODY_LIAISON,       /* 業務聯繫會議 of a group */
    BODY_SPECIAL_GROUP, /* 專責小組 of a bureau */
    BODY_DIVISION,      /* 分工小組 */
    BODY_COUNCIL,       /* 性平會 */
    BODY_TEAM,          /* 工作督導小組: who sits in on the meetings of the others */
};

/* Of a body of a kind there is one for each of these: its units. */
enum body_per { BODY_OF_CITY, BODY_PER_OFFICE, BODY_PER_GROUP, BODY_PER_UNIT };

/* What makes a meeting count. */
enum body_quorum_kind { QUORUM_NONE, QUORUM_MORE_THAN_HALF, QUORUM_HALF_OF_EXTERNAL };

/* At least `of` in `in` of either sex; in = 0: no such rule. */
struct body_share {
    int of, in;
};

/* A unit that the plan names for a body only, such as a bureau. */
struct body_unit {
    const char *code;
    struct name name;
};

/* The form that lists the members of an office's own body: the table and its columns, and the elements that count them. */
struct body_roster {
    const struct form *form;
    const struct table *table;
    const struct item *name, *sex, *role, *post;
    const struct element *members, *men, *women, *conveners, *deputies, *external;
};

struct body {
    const char *code;
    struct name name;
    enum body_kind kind;
    enum body_per per;
    struct body_unit *units; /* BODY_PER_UNIT */
    size_t unit_count;
    const struct stage *stage;        /* of review, at which it decides; NULL: none */
    const struct body_roster *roster; /* NULL: its members are recorded one by one */
    bool rotating;                    /* its secretariat goes round among the offices of its group */
    struct name secretariat;          /* texts NULL: not said, as those that follow */
    struct name convener, deputy, executive_secretary;
    struct name attending, sitting_in;
    int least, most;                   /* members; BODY_NO_LIMIT: not said */
    int external_least, external_most; /* of them from outside */
    int council_least;                 /* of those, current or former external members of the council */
    struct body_share hard, goal;      /* of either sex */
    enum body_quorum_kind quorum;
    const char *quorum_source;    /* NULL: as of the body */
    int meetings_least;           /* a year; 0: not said */
    int months[BODY_MONTHS_MOST]; /* in which it meets */
    size_t month_count;
    int by_month, by_day;         /* before the end of which day of the year; 0: not said */
    bool meetings_soft;           /* "in principle" */
    const struct body *refers_to; /* whom it carries decisions up to; NULL: nobody */
    const struct body *notes_to;  /* who takes note of its meetings (備查) */
    const char *source;
};

enum duty_kind {
    DUTY_COUNT,    /* elements add up to at least so many */
    DUTY_MEETINGS, /* so many meetings of a body of the office counted */
    DUTY_EVERYONE, /* the numerator is the denominator */
    DUTY_SAYS,     /* a field says yes */
};

enum { DUTY_ELEMENTS_MOST = 16 }; /* that a yearly duty counts */

/* What every office has to do each year, and by which figures it is told whether it did. */
struct yearly_duty {
    const char *code;
    struct name name;
    enum duty_kind kind;
    const struct form *form;
    const struct body *body;  /* DUTY_MEETINGS; DUTY_SAYS: of whose meeting the attendance says it first; NULL: none */
    const struct item *where; /* DUTY_MEETINGS: only those whose field says … */
    const char *equals;       /* … so; NULL: all */
    const struct item *field; /* DUTY_SAYS */
    struct ratio ratio;       /* DUTY_COUNT: the numerator only */
    int least;
    int year_offset, month, day; /* when it must be done; month 0: when the form is due last */
    const char *source;
};

struct plan_bodies {
    struct body *bodies;
    size_t body_count;
    struct yearly_duty *duties;
    size_t duty_count;
};

/* NULL if the plan has none of that code. */
const struct body *plan_body(const struct plan *plan, const char *code);
const struct yearly_duty *plan_duty(const struct plan *plan, const char *code);

/* Units of a body in a ROC year: an office, group or unit of its own; of a body of the city one unit without a code. */
size_t body_unit_count(const struct plan *plan, const struct body *body);

/* The i-th unit; false if it doesn't exist in that year. *ret_code NULL: it is a body of the city. */
bool body_unit_at(const struct plan *plan, const struct body *body, size_t i, int year, const char **ret_code,
                  const struct name **ret_name);

/* The place of a unit by its code (NULL: of a body of the city); false if there is none. */
bool body_unit_find(const struct plan *plan, const struct body *body, const char *code, int year, size_t *ret_i);

/* Whether the unit of a body is the office or the group it belongs to in a year; every office has part in the city's. */
bool body_unit_has(const struct plan *plan, const struct body *body, const char *unit, const char *office, int year);

/* "task_group", "office", "more_than_half" … as the plan file writes them. */
const char *body_kind_word(enum body_kind kind);
const char *body_per_word(enum body_per per);             /* NULL: of the city */
const char *body_quorum_word(enum body_quorum_kind kind); /* NULL: none */
const char *duty_kind_word(enum duty_kind kind);

#endif
