/* cell_words.h: the places of a document as a person writes them: by path, by code, or by what the form calls them. */
#ifndef TRIBUTARY_CLIENT_CELL_WORDS_H
#define TRIBUTARY_CLIENT_CELL_WORDS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

/* Adds to `paths` the path that `word` means in the document: "fields.general.staff.m", "general.staff.m",
 * "一般公務人員總人數（男）", "tables.courses[a1].hours", "courses[a1]", "courses", or a column as a whole by its name; spaces, letter case and the width of
 * brackets don't matter. EXIT_USAGE, having said which places come near, if it means none, or several. */
enum exit_status cell_words_find(struct client *client, const struct plan *plan, const json_t *document,
                                 const char *word, json_t *paths);

#endif
