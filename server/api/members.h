/* members.h: the members of a small JSON body. Private to api/. */
#ifndef TRIBUTARY_API_MEMBERS_H
#define TRIBUTARY_API_MEMBERS_H

#include <jansson.h>

#include "http/request.h"

/* The JSON object that was sent, with no members but these (NULL ends them). The caller decrefs it. NULL: a problem is
 * replied. */
json_t *members_read(struct request *request, const char *const *known);

/* A text member of 1 to `most` bytes, in the arena. False: a problem is replied. If it isn't `required` and left out,
 * *ret_text is NULL. */
bool members_text(struct request *request, const json_t *body, const char *name, size_t most, bool required,
                  const char **ret_text);

/* A text of a row of a list, named by its place in faults ("items[3].title"), of at most `most` characters; set in `ret_row`,
 * null if it is left out. False: a problem is replied. */
struct list_place {
    const char *list;
    size_t i;
};
bool members_row_text(struct request *request, struct list_place place, const json_t *row, const char *name,
                      size_t most, bool required, json_t *ret_row);

/* A text of 1 to `most` characters, which may be more bytes and aren't all blanks; otherwise as members_text(). */
bool members_words(struct request *request, const json_t *body, const char *name, size_t most, bool required,
                   const char **ret_text);

/* Whether a row of a list is an object with no members but these. False: a problem is replied. */
bool members_row_known(struct request *request, struct list_place place, const json_t *row, const char *const *known);

/* Replies that a member is missing or wrong: its name, what the body holds there (unless it is a secret), and what is
 * `wanted`, in the reader's language. The name is the place in the body ("asks.form", "items[3].title"). */
enum step_result members_refuse(struct request *request, const char *name, const char *wanted);

/* The same of a member of a row. */
enum step_result members_refuse_row(struct request *request, struct list_place place, const char *name,
                                    const char *wanted);

/* The same where the value is at hand; NULL or null: it is missing. */
enum step_result members_refuse_value(struct request *request, const char *name, const json_t *value,
                                      const char *wanted);

/* Replies that there is no such member, and which there are (NULL ends them). */
enum step_result members_refuse_unknown(struct request *request, const char *name, const char *const *known);

#endif
