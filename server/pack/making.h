/* making.h: a pack (會議資料) in the making: what it is asked to be, the sections that fill it, and what they leave behind.
 *
 * A section is a function in a file of its own, section_X.c. It asks a capability room for its figures as of
 * question->as_of, in the snapshot that stands when it is called; it puts headings, tables and charts into the paper; it
 * names with making_source() each revision, meeting and decision that it used. It prints no moment but by making_note(),
 * takes no time and no chance: the same question at the same moment gives the same paper. */
#ifndef TRIBUTARY_PACK_MAKING_H
#define TRIBUTARY_PACK_MAKING_H

#include <jansson.h>
#include <stdbool.h>

#include "db/db.h"
#include "paper/paper.h"
#include "plan/bodies.h"
#include "plans/shelf.h"

/* What a pack is for. */
struct pack_question {
    const struct plan_version *version; /* in force at as_of */
    const struct body *body;
    const char *unit; /* the office or group whose body it is; NULL: a body of the city */
    const struct name *unit_name;
    int year;             /* ROC: of the meeting, and of the figures that it looks at */
    const char *meeting;  /* its id, or NULL: the body's next one of that year */
    bool made_again;      /* a frozen pack is: where `meeting` is NULL, it was for `occasion` */
    const char *occasion; /* NULL: there was none yet */
    const char *basis;    /* "latest" or "official" */
    enum language language;
    timestamp as_of;       /* always set: everything recorded by then stands in it, nothing later */
    uint64_t log_sequence; /* the newest entry of the log at that moment */
    bool sample;           /* the figures are no real ones */
    bool minutes;          /* the minutes of `meeting`, which is set, not the papers laid before it */
    bool names;            /* of minutes: who was there by name; never of what is frozen */
};

struct pack_making {
    struct db *db;
    struct arena *arena;
    const struct pack_question *question;
    struct paper *paper;
    json_t *meeting; /* that it is for, as meeting_to_json() gives it; NULL: none is planned. Owned, as the next */
    json_t *last;    /* the one held before it; NULL: none is known */
    json_t *sources; /* {"revision": {id: {…}}, "meeting": …, "decision": …}; owned by the making */
    char as_of[TIMESTAMP_TEXT_SIZE];
    const char *moment_note; /* "資料時點：…", as making_note() writes it */
    enum db_status status;   /* why a section gave up */
};

/* Adds a section to the paper. False: it gave up, making->status says why (DB_FAILED for want of memory). A section that has
 * nothing to say leaves the paper as it is, heading included. */
typedef bool pack_section_fn(struct pack_making *making);

/* The sections of a kind of body in their order, ended by NULL; NULL: no packs are made for it. */
pack_section_fn *const *pack_sections(const struct body *body);

/* Fills a paper by the question. `arena` bears it. On DB_OK ret_making holds the paper, sound, and its sources, which
 * making_end() frees. Runs inside a snapshot that sees at least all that was recorded by question->as_of. */
enum db_status making_run(struct db *db, const struct pack_question *question, struct arena *arena,
                          struct pack_making *ret_making);
void making_end(struct pack_making *making);

/* Of the paper as canonical JSON, without its moment and identifier: equal for papers that say the same. False without
 * memory. */
bool making_digest(const struct pack_making *making, struct digest *ret_digest);

/* ---- for sections ---- */

/* Gives up: `return making_failed(making, status);` */
bool making_failed(struct pack_making *making, enum db_status status);

/* The text in the pack's language. */
const char *making_say(const struct pack_making *making, const char *chinese, const char *english);
const char *making_name(const struct pack_making *making, const struct name *name);

/* The calendar day, in ISO, of a moment as JSON gives it, where the plan is at home; an empty text where there is none. */
const char *making_day(const struct pack_making *making, const char *moment, char ret_day[static DATE_TEXT_SIZE]);

/* Names what stands behind the pack. `kind`: "revision", "meeting", "decision" …; `details` (taken over, may be NULL) is
 * small: of a revision {"office","form","period","number"}. The same id twice is one. */
void making_source(struct pack_making *making, const char *kind, const char *id, json_t *details);

/* Notes under a table of figures, in this order: `coverage` (may be NULL), then the basis and the moment. */
void making_note(struct pack_making *making, struct paper_table *table, const char *coverage);
void making_chart_note(struct pack_making *making, struct paper_chart *chart, const char *coverage);

/* Whether the pack looks at an office: one of the group, the office itself, every one for a body of the city. */
bool making_covers(const struct pack_making *making, const struct office *office);

/* ---- the sections ---- */

pack_section_fn section_cover, section_agenda, section_minutes, section_decisions, section_reports, section_proposals;

/* Of figures. */
pack_section_fn section_reporting, section_indicators, section_trends, section_comparison, section_parts, section_rules,
    section_duties, section_reviews;

#endif
