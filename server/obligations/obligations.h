/* obligations.h: who owes what by when, and what came of it: three answers (domain.md 3), never one: how the due date
 * stands, how timely the first receipt was, how far its review is. */
#ifndef TRIBUTARY_OBLIGATIONS_OBLIGATIONS_H
#define TRIBUTARY_OBLIGATIONS_OBLIGATIONS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "db/db.h"
#include "plans/shelf.h"

struct obligations_question {
    const struct plan_version *version;
    int from_year, to_year;  /* of the periods; the plan's own period lies in its first year */
    const struct form *form; /* NULL: all */
    const char *office;      /* NULL: all */
    const timestamp *as_of;  /* NULL: as it stands */
    timestamp now;           /* what due dates are held against */
};

/* An extension in force. */
struct extension_in_force {
    struct date until;
    const char *reason, *granted_by;
    timestamp recorded_at;
};

/* Something that is so for a reason, since a moment. */
struct reasoned {
    const char *reason; /* NULL: it isn't so */
    timestamp recorded_at;
};

/* One office's form for one period; texts in the arena. */
struct obligation {
    const struct office *office;
    const struct form *form;
    struct period period;
    struct due_date planned;
    struct date due_date; /* that counts: moved, or extended */
    timestamp due_end;    /* the first moment after it */
    enum due_state due;
    const struct extension_in_force *extension; /* NULL: none */
    const char *timeliness;                     /* none, on_time, late, excused */
    bool received;                              /* a receipt discharges it */
    bool provisional;                           /* figures were handed in before they were final */
    timestamp first_received_at;                /* of the first receipt that discharges; only if received */
    const char *submission;                     /* the current revision's id; NULL: none */
    int revision;
    const char *attached; /* the slots that something is attached to, with spaces between them; NULL: none */
    struct review_facts {
        const char *next_stage, *next_role; /* whose turn it is; NULL: nobody's, or the office's */
        const char *state;    /* received, returned, accepted, official; not_received: nothing counts yet */
        const char *stage;    /* that spoke last, or NULL */
        const char *ticket;   /* what stands returned, as JSON (tributary.return_ticket()), or NULL */
        const char *official; /* the newest official revision's id, or NULL */
    } review;
    int events;                     /* reported; forms of events only */
    int extension_changes;          /* how often its extension was granted, changed or taken back … */
    timestamp extension_changed_at; /* … and when last; only if it ever was */
    const char *attested;      /* of the first receipt that discharges, as JSON; NULL: nobody attests when it came */
    struct reasoned withdrawn; /* the submission */
    struct reasoned closed;    /* the period: nothing is taken in */
    bool on_behalf;            /* the Gender Equality Office handed the current revision in */
};

/* The caller's obligations, by due form and period, then office. Runs inside a snapshot, whose row-level security shows
 * an office its own; what it may not see isn't listed. */
enum db_status obligations_list(struct db *db, const struct obligations_question *question, struct arena *arena,
                                struct obligation **ret_obligations, size_t *ret_count);

/* How many receipts discharge one obligation: events of a year, or the one submission. */
int obligation_least(const struct form *form);

/* The answer of GET …/obligations, as api.md; NULL without memory. The caller owns it. */
json_t *obligations_to_json(const struct obligations_question *question, const struct obligation *obligations,
                            size_t count);

/* The answer of GET …/timeliness: how complete and how timely each unit of a level ("office", "group", "city") is, by form
 * and period. Runs inside a snapshot. The caller owns *ret_timeliness. */
enum db_status obligations_timeliness(struct db *db, const struct obligations_question *question, const char *level,
                                      struct arena *arena, json_t **ret_timeliness);

#endif
