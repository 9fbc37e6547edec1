/* meeting.h: meetings of bodies: planned, called, held, on record or cancelled; their agenda, who was there, what was
 * resolved, and by which rules they count. Meetings of an office's own task group are held by its records of them, which are
 * submissions (meeting/records.h); here they are planned only. */
#ifndef TRIBUTARY_MEETING_MEETING_H
#define TRIBUTARY_MEETING_MEETING_H

#include <jansson.h>

#include "base/arena.h"
#include "body/rules.h"
#include "db/db.h"
#include "plan/bodies.h"

/* Acts (ledger/act.h), each with the parameters of the function of its name but the last four: a meeting: id, plan, body, unit,
 * kind, year, held_on, step, state, day, begins, ends, place, document_number, today. A step: id, meeting, state, day,
 * begins, ends, place, document_number, reason, today, seen (how many steps; NULL: any). An agenda: meeting, seen, items, known,
 * reason. A sheet, resolutions: meeting, seen, rows, reason. */
extern const struct db_statement meeting_record, meeting_step_record, meeting_agenda_record, meeting_sheet_record,
    meeting_resolutions_record;
enum {
    MEETING_PARAMETERS = 19,
    MEETING_STEP_PARAMETERS = 15,
    MEETING_AGENDA_PARAMETERS = 9,
    MEETING_SHEET_PARAMETERS = 8,
    MEETING_RESOLUTIONS_PARAMETERS = 8
};

struct meeting_filter {
    const char *id, *plan, *body, *unit, *state; /* each may be NULL: any */
    const char *day;                             /* as ISO text; NULL: any */
    int year;                                    /* ROC; 0: any */
    bool took_place;                             /* only those held or on record */
    const timestamp *as_of;                      /* NULL: now */
};

/* The meetings that the caller may see, by their day. {"meeting","plan","body","unit","kind","year","number","state","day",
 * "held_on" (null: it hasn't taken place),"begins","ends","place","document_number","call_number","minutes_number","reason",
 * "recorded_at"}. Inside a snapshot. The caller owns *ret_list. */
enum db_status meetings_list(struct db *db, const struct meeting_filter *filter, json_t **ret_list);

/* Where meetings are told by their records (meeting_is_by_record), those that are planned here are numbered together with them:
 * sets "number" anew in a list of one plan's meetings. Inside a snapshot. */
enum db_status meetings_number(struct db *db, const struct plan *plan, const timestamp *as_of, struct arena *arena,
                               json_t *list);

/* Adds to each of a list the names of its body and unit ("name", "unit_name"). False without memory. */
bool meetings_name(const struct plan *plan, json_t *list);

struct meeting_question {
    const struct plan *plan; /* the one that the meeting belongs to */
    const char *id;
    const timestamp *as_of; /* NULL: now */
};

/* One meeting with everything that belongs to it; *ret_meeting NULL: there is none to see. Besides what a list says: "name",
 * "unit_name", "secretariat", "chair", "recorder", "steps", "agenda", "attendance", "rules", "counted", "corrections",
 * "first_number" (the number under which it was called or, never called, recorded as held; null: neither). An agenda that nobody
 * wrote yet has the sequence 0 and the usual items, which have no name ("item": null). An item whose title is the usual one of
 * its kind, with nothing else in it, is a heading. Inside a snapshot. The caller owns it. */
enum db_status meeting_to_json(struct db *db, const struct meeting_question *question, struct arena *arena,
                               json_t **ret_meeting);

/* The code under which a body's meetings are recorded: of one that decides at a stage of review, of that stage. */
const char *meeting_code(const struct body *body);

/* The body whose meetings are recorded under a code; NULL: none. */
const struct body *meeting_body(const struct plan *plan, const char *code);

/* Whether the records of a body's meetings are submissions of its office: they aren't held here. */
bool meeting_is_by_record(const struct body *body);

/* ---- the agenda -------------------------------------------------------------------------------------------------- */

enum item_kind {
    ITEM_OPENING,    /* 主席致詞 */
    ITEM_MINUTES,    /* 確認前次會議紀錄 */
    ITEM_TRACKING,   /* 歷次決議列管情形 */
    ITEM_REPORT,     /* 報告事項, which ends in a 決定 */
    ITEM_DISCUSSION, /* 討論事項, which ends in a 決議 */
    ITEM_MOTION,     /* 臨時動議 */
    ITEM_CLOSING,    /* 散會 */
    ITEM_KIND_COUNT
};

const char *item_kind_word(enum item_kind kind);
bool item_kind_parse(const char *word, enum item_kind *ret_kind);

/* The usual title of a kind (domain.md 8). */
extern const struct name item_titles[ITEM_KIND_COUNT];

/* ---- whether it counts ------------------------------------------------------------------------------------------- */

/* What is known of a meeting. */
struct meeting_facts {
    const struct plan *plan;
    const struct body *body;
    const char *unit;
    int year;
    struct date day;
    bool took_place, regular, has_sheet;
    bool further;                  /* the year had all the regular meetings that it owes before this one */
    int members, external;         /* of the body on that day */
    int present, external_present; /* of those present, who count for the quorum */
    int advisers, served;          /* present from outside; of them current or former external members of the council */
    const char *secretariat;       /* the office whose turn it is; NULL: nobody has said */
    bool has_chair;
    const char *chair_office;   /* NULL: none, or no chair is known */
    const char *chair_post;     /* NULL: not said */
    const char *const *offices; /* from which somebody is present */
    size_t office_count;
};

enum meeting_rule {
    MEETING_QUORUM, /* enough members are there (plan 112–115, 5-3(1); guide, 2(1)) */
    MEETING_CHAIR, /* the head or deputy head of the office that keeps the secretariat is in the chair (plan 112–115, 5-4) */
    MEETING_ADVISERS, /* advisers from outside are there (plan 112–115, 5-4) */
    MEETING_COUNCIL,  /* some of them served on the council (plan 112–115, 5-4) */
    MEETING_OFFICES,  /* every office of the group is there (plan 112–115, 5-4) */
    MEETING_BY,       /* it is held by the day that the plan names */
    MEETING_RULE_COUNT
};

bool meeting_rule_applies(const struct meeting_facts *facts, enum meeting_rule rule);
enum verdict meeting_rule_judge(const struct meeting_facts *facts, enum meeting_rule rule);

/* {"rule","rule_name","verdict","found","wanted","source","advice"} of each rule that applies. NULL without memory. */
json_t *meeting_rules_to_json(const struct meeting_facts *facts, struct arena *arena);

/* Whether it is one of the regular meetings that the year owes: one that missed its quorum is none, and another is owed. */
bool meeting_counts(const struct meeting_facts *facts);

#endif
