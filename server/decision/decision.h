/* decision.h: decisions and their tracking (列管, domain.md 8): made at a meeting, numbered within its body, unit and year,
 * owned by offices or agencies, open until each owner is closed or handed over by the ruling of a later meeting. */
#ifndef TRIBUTARY_DECISION_DECISION_H
#define TRIBUTARY_DECISION_DECISION_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "identity/identity.h"
#include "plan/bodies.h"
#include "plans/shelf.h"

/* Each records one thing: see the function of that name. For an act (ledger/act.h); the parameters, before the last four:
 *   decision            id, plan, body, unit, year, meeting, meeting_record, item, kind, title, text, due_on, asks_form,
 *                       asks_period, asks, owners, day_field
 *   decision_progress   id, decision, owner, text, proposes, attachments
 *   decision_ruling     id, decision, meeting, meeting_record, meeting_body, day_field, rulings
 *   decision_referral   id, decision, to_body, to_unit, reason
 *   decision_outcome    id, referral, meeting, meeting_body, text
 *   decision_withdrawal   id, decision, reason */
extern const struct db_statement decision_record, decision_progress_record, decision_ruling_record,
    decision_referral_record, decision_outcome_record, decision_withdrawal_record;
enum {
    DECISION_PARAMETERS = 21,
    DECISION_PROGRESS_PARAMETERS = 10,
    DECISION_RULING_PARAMETERS = 11,
    DECISION_REFERRAL_PARAMETERS = 9,
    DECISION_OUTCOME_PARAMETERS = 9,
    DECISION_WITHDRAWAL_PARAMETERS = 7
};

/* As decision_record, unless a decision of the item was recorded already: see tributary.take_over_decision(). */
extern const struct db_statement decision_take_over;

/* Where something is decided: a meeting, or the record of one of an office's own task group. Texts in the arena. */
struct decision_place {
    const char *meeting, *record; /* one of them; the other is NULL */
    const char *plan, *body, *unit;
    const char *form; /* of the record */
    int year;
};

/* One by its id. *ret_found false: there is none to see. */
enum db_status decision_place_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                                   struct decision_place *ret_place);

/* The same, also by its day, among the meetings (or records of meetings) of a unit's body. */
enum db_status decision_place_asked(struct db *db, const struct plan *plan, const struct body *body, const char *unit,
                                    const char *asked, struct arena *arena, bool *ret_found,
                                    struct decision_place *ret_place);

/* The code under which a body's meetings are recorded: of one that decides at a stage of review, the stage's. */
const char *decision_meeting_body(const struct body *body);

/* The body that meets under a code; NULL: the plan has none. */
const struct body *decision_body_of(const struct plan *plan, const char *meeting_body);

/* The body whose meetings a form records; NULL: none. */
const struct body *decision_body_by_form(const struct plan *plan, const char *form);

/* The field that says the day of a record of a meeting; NULL: the plan has no such form. */
const char *decision_day_field(const struct plan *plan);

struct decisions_question {
    const struct plan *plan; /* whose decisions, with what is open of earlier plans */
    const char *id, *body, *unit, *office, *state;
    int year;            /* 0: any */
    const char *code;    /* with a number: as decision_number_parse() tells it */
    int number;          /* 0: any */
    bool agenda;         /* only what the agenda of `body` and `unit` holds by itself */
    const char *meeting; /* of that agenda: without what this meeting itself decided and ruled; NULL: the next one */
    const struct principal *principal; /* whose "may" is told; NULL: nobody's */
    const timestamp *as_of;            /* NULL: now */
    timestamp now;                     /* what days are held against */
    int64_t after;                     /* a sequence number */
    int limit;                         /* 0: all */
};

/* Decisions that the caller may see, in the order of their recording; "sequence" pages them. Inside a snapshot. Each is
 *   {"decision","number","plan","body","body_name","unit","unit_name","year","meeting":{"id","day","record"},"item","kind",
 *    "title","text","first_due_on","due_on","asks":{"form","period","text"} or null,
 *    "owners":[{"owner","office","agency","name","state","due_on","waits","overdue_days","progress":[…],
 *    "rulings":[…]}],
 *    "state","withdrawn":{"reason","recorded_at"} or null,"overdue","overdue_days","referrals":[…],"agenda":"own", "referred" or null,"may":[…],"recorded_at"}
 * due_on: the earliest day of the owners that are open. The caller owns *ret_list. */
enum db_status decisions_list(struct db *db, const struct decisions_question *question, json_t **ret_list);

/* What the next agenda of a body holds by itself: its open decisions, and those carried up to it that it hasn't spoken of.
 * `unit` NULL: a body of the city; `meeting` NULL: the next one, otherwise as that meeting found them. */
enum db_status decisions_for_agenda(struct db *db, const struct plan *plan, const char *body, const char *unit,
                                    const char *meeting, const timestamp *as_of, json_t **ret_list);

struct requests_question {
    const struct plan *plan;
    int from_year, to_year;    /* ROC years of the periods; of a question, of its meeting */
    const char *office, *form; /* NULL: any */
    const timestamp *as_of;    /* NULL: now */
    timestamp now;             /* what days are held against */
};

/* Data that decisions ask offices for, beside what the plan itself has them hand in: of each
 *   {"decision","number","title","owner","office","name","form","period","text","due_date","due","state","timeliness",
 *    "given_at","submission","progress"}
 * Inside a snapshot. The caller owns *ret_list. */
enum db_status decision_requests(struct db *db, const struct requests_question *question, json_t **ret_list);

/* The code of the plan that a decision belongs to, or the decision that a referral is of; NULL in *ret_text: there is none
 * to see. Inside a snapshot. */
enum db_status decision_plan_find(struct db *db, const char *id, struct arena *arena, const char **ret_text);
enum db_status referral_decision_find(struct db *db, const char *id, struct arena *arena, const char **ret_text);

/* "113-group-1-03": the year, the unit or the body, and the number within it. Reads one; false if it isn't written so.
 * `ret_code` in the arena. */
bool decision_number_parse(const char *text, struct arena *arena, int *ret_year, const char **ret_code,
                           int *ret_number);

#endif
