/* recognise.h: what a resolution's text says of who is to do something, by when, and whether data are asked for. A parser of
 * outside text: it knows the plan's names and the habits of Taiwan's minutes, and guesses nothing: what it doesn't recognise for
 * certain is left to whoever confirms it. It needs no database. */
#ifndef TRIBUTARY_DECISION_RECOGNISE_H
#define TRIBUTARY_DECISION_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "plan/bodies.h"

/* A piece of the text, in bytes. */
struct span {
    size_t at, length;
};

enum mention_role {
    MENTION_OWNER,
    MENTION_OTHER, /* who receives it, is asked, or is only spoken of: "送主計處", "依主計處規定", "龜山區公所之場地" */
    MENTION_EXCEPTED, /* "復興區公所除外" */
};

/* An office, an agency, or all offices, in the order of the text. */
struct mention {
    struct span where;
    enum mention_role role;
    const struct office *office;
    const char *agency;        /* its full name in the plan */
    bool everyone;             /* 各區公所 */
    const struct group *group; /* of `everyone`, the group that is named; NULL: those of the body */
};

/* "113年12月底前". */
struct recognised_day {
    struct span where;
    struct date day;
};

/* "提報現有性別統計項目". */
struct recognised_request {
    struct span verb, what; /* what: length 0, nothing is named */
};

enum { RECOGNISED_MOST = 100 };

struct recognised {
    struct mention mentions[RECOGNISED_MOST];
    struct recognised_day days[RECOGNISED_MOST];
    struct recognised_request requests[RECOGNISED_MOST];
    size_t mention_count, day_count, request_count;
    bool more; /* something was left out for want of room */
};

/* `meeting` is the day of the meeting: days without a year are counted from it. `text` is UTF-8; anything else in it is
 * passed over. Names are the plan's as of a ROC year. False without memory. */
bool recognise(const struct plan *plan, int year, struct date meeting, const char *text, struct arena *arena,
               struct recognised *ret_recognised);

/* The day by which it is due: the only one that is told, if it isn't before the meeting. False: there is none, or several. */
bool recognised_due(const struct recognised *recognised, struct date meeting, struct date *ret_day);

#endif
