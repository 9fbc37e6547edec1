/* release.h: what is given to the public of one year: the figures as they stood at one moment, small counts withheld.
 *
 * A release is frozen. Two tables of the same year from two moments, or on two bases, would each be safe and yet tell by
 * their difference what both withhold. So there is one table for a year: the plan's terms name the basis and the day,
 * figures are those of that day's end for ever (nothing recorded later changes an answer `as_of` a moment), and before
 * that day there is none. The day is that of the first version that has terms: a release must not move. What comes in later is published nowhere but in the next year's table. The terms are those of
 * the plan version in force at the moment, or else of the first later version that has any: later amendments change
 * only releases to come. */
#ifndef TRIBUTARY_OPEN_DATA_RELEASE_H
#define TRIBUTARY_OPEN_DATA_RELEASE_H

#include <jansson.h>

#include "db/db.h"
#include "plan/open_data.h"
#include "plans/shelf.h"
#include "sheet/tabulation.h"

struct release {
    const struct plan_version *version; /* by which the figures are made */
    const struct open_data_terms *terms;
    int year; /* ROC */
    timestamp moment;
    bool sample; /* the figures are synthetic */
};

enum release_status { RELEASE_READY, RELEASE_NOT_YET, RELEASE_NO_TERMS, RELEASE_NO_YEAR };

/* Finds the release of a plan's year; `now` decides whether it is out. ret_release is filled unless there are no terms,
 * and its moment also where it isn't out yet. */
enum release_status release_find(struct shelf *shelf, const char *jurisdiction, const char *plan, int year,
                                 timestamp now, struct release *ret_release);

/* The figures as one long table, a figure a row. Runs inside a snapshot. The table is in the arena. */
enum db_status release_tabulate(struct db *db, const struct release *release, struct arena *arena,
                                enum language language, struct tabulation **ret_tabulation);

/* The table as JSON with what it is; takes nothing over. The caller owns it. */
json_t *release_to_json(const struct release *release, const struct tabulation *tabulation);

/* What the data set is, as catalogues of open data want to know it: DCAT's words and those of the government's open data
 * platform. The caller owns it. */
json_t *release_describe(const struct release *release);

/* Said before all else of what holds no real figures. */
extern const struct name release_sample_words;

enum { RELEASE_COLUMN_COUNT = 19 };
extern const struct tabulation_column release_columns[RELEASE_COLUMN_COUNT];

#endif
