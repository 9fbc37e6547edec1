/* table.h: a year's meetings and the team's members, as read from the store. Private to secretariat/. */
#ifndef TRIBUTARY_SECRETARIAT_TABLE_H
#define TRIBUTARY_SECRETARIAT_TABLE_H

#include "plan/bodies.h"
#include "secretariat/occasion.h"
#include "secretariat/sitting_in.h"

/* Texts in the arena; those that may be NULL say so. */
struct sat_meeting {
    const char *id, *body_code, *unit, *kind, *state, *day, *begins, *ends,
        *place;              /* unit, begins, ends, place: or NULL */
    const struct body *body; /* NULL: the plan names none of that code any more */
    struct occasion occasion;
};

struct sat_member {
    const char *id, *name, *post, *from, *to; /* name, post, to: or NULL */
    struct date first, last;                  /* last: if `to` */
    int load;
};

/* That a member sits in on a meeting, by their places. */
struct sitting {
    size_t meeting, member;
    const char *id, *reason, *recorded_at; /* reason: or NULL */
};

struct sat_table {
    const struct plan *plan;
    struct sat_meeting *meetings;
    struct sat_member *members;
    struct sitting *sittings;
    size_t meeting_count, member_count, sitting_count;
    bool *chairs; /* [meeting * member_count + member] */
};

/* Inside a snapshot. */
enum db_status sat_table_read(struct db *db, const struct sitting_in_question *question, struct arena *arena,
                              struct sat_table *ret_table);

/* Whether a member serves on the day of a meeting. */
bool sat_serves(const struct sat_table *table, size_t member, size_t meeting);

/* Whether somebody of the team sits in on a meeting; whether that member does. */
bool sat_is_covered(const struct sat_table *table, size_t meeting);
bool sat_has(const struct sat_table *table, size_t member, size_t meeting);

/* What keeps a member busy: to sit in, or to chair. */
bool sat_is_busy(const struct sat_table *table, size_t member, size_t meeting);

json_t *sat_meeting_json(const struct sat_table *table, size_t place);

#endif
