/* meeting_sheet.h: the table of who was there: its columns and words. Private to the subcommand attendance. */
#ifndef TRIBUTARY_CLIENT_MEETING_SHEET_H
#define TRIBUTARY_CLIENT_MEETING_SHEET_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

enum sheet_column {
    SHEET_PART,
    SHEET_OFFICE,
    SHEET_POST,
    SHEET_NAME,
    SHEET_SEX,
    SHEET_DUTY,
    SHEET_SEAT,
    SHEET_SERVED,
    SHEET_AUTHORISED,
    SHEET_COLUMN_COUNT
};

extern const struct name sheet_headings[SHEET_COLUMN_COUNT];

/* Words that people write, and what they are in the contract; the last has NULL in both. The first of a code in a language is
 * the one that is written. */
struct sheet_word {
    const char *written, *code;
};

/* Of each column that holds one word among some; NULL: of another. */
extern const struct sheet_word *const sheet_words[SHEET_COLUMN_COUNT];

/* The reader's word for a code; NULL for none. */
const char *sheet_written(const struct client *client, enum sheet_column column, const char *code);

/* The rows of a file (a table, or JSON) as the contract has them; the caller decrefs them. NULL, having named every mistake:
 * see *ret_status. */
json_t *sheet_read(struct client *client, const struct plan *plan, const char *file, enum exit_status *ret_status);

#endif
