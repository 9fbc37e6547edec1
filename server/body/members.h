/* members.h: who sits on the bodies of the city, its groups and bureaus, over time. */
#ifndef TRIBUTARY_BODY_MEMBERS_H
#define TRIBUTARY_BODY_MEMBERS_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"

/* Acts (ledger/act.h). A member: id, plan, body, unit, name, salt, sex, seat, role, post, served, from; then the last four.
 * An end: id, member, ended_on; then the last four. */
extern const struct db_statement body_member_record, body_member_end_record;
enum { BODY_MEMBER_PARAMETERS = 16, BODY_MEMBER_END_PARAMETERS = 7 };

/* One seat taken; texts in the arena. */
struct body_member {
    const char *id, *plan, *body, *unit, *name,
        *post; /* unit, name (erased, or not the caller's to see), post: perhaps NULL */
    const char *sex, *seat, *role, *recorded_at;
    bool served; /* a current or former external member of the council */
    struct date from, to;
    bool ended; /* `to` is the last day */
};

struct body_member_filter {
    const char *id;                 /* one by its id, or NULL */
    const char *plan, *body, *unit; /* body NULL: any; unit NULL: a body of the city */
    const timestamp *as_of;         /* only what was recorded by then; NULL: all */
};

/* The members that the caller may see, ended ones too, by their first day. Runs inside a snapshot. */
enum db_status body_members_list(struct db *db, const struct body_member_filter *filter, struct arena *arena,
                                 struct body_member **ret_members, size_t *ret_count);

/* Whether a member sits on a day. */
bool body_member_sits(const struct body_member *member, struct date day);

/* The caller owns it; NULL without memory. */
json_t *body_member_to_json(const struct body_member *member);

#endif
