/* occasion.h: when and where a meeting is, and whether one person can be at two of them. */
#ifndef TRIBUTARY_SECRETARIAT_OCCASION_H
#define TRIBUTARY_SECRETARIAT_OCCASION_H

#include "base/period.h"

enum { OCCASION_NO_TIME = -1 };

struct occasion {
    struct date day;
    int begins, ends;  /* minutes of the day; OCCASION_NO_TIME: not said */
    const char *place; /* NULL: not said, and so perhaps another one */
    const char *house; /* the office in whose house it is, as places of two offices may have one name; NULL: not said */
};

enum meeting_conflict {
    CONFLICT_NONE,
    CONFLICT_TIGHT_TIMES_UNKNOWN, /* on one day, and when isn't said: perhaps at once */
    CONFLICT_TIGHT_WAY,           /* in two places, with less than half a day between */
    CONFLICT_CLASH,               /* at the same time */
};

/* What speaks against one person being at both. */
enum meeting_conflict occasion_conflict(const struct occasion *one, const struct occasion *other);

#endif
