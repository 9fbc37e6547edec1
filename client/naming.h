/* naming.h: codes in the words of the plan, in the reader's language; a code without a name stays what it is. */
#ifndef TRIBUTARY_CLIENT_NAMING_H
#define TRIBUTARY_CLIENT_NAMING_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

/* In all of these `plan` may be NULL. Results live as long as the run; "" for a NULL code. */

/* "68000130", or "68000130/113Q2" as figures over several periods give it. */
const char *naming_office(struct client *client, const struct plan *plan, const char *code);
const char *naming_form(struct client *client, const struct plan *plan, const char *code);

/* "龜山區 培力成果表 113Q2". */
const char *naming_document(struct client *client, const struct plan *plan, const char *form, const char *office,
                            const char *period);

/* What a finding's path points at: "對民眾宣導 b7 參加人次（合計）"; with a row's number (0: none) instead of its identity.
 * NULL if the form doesn't know it. */
const char *naming_path(struct client *client, const struct plan *plan, const char *form, const char *path,
                        long long row);

/* A {"zh","en"} object of an answer in the reader's language, or its only text. */
const char *naming_of(struct client *client, const json_t *name);

/* Offices of an answer's list, by name, separated by the language's comma; at most `most`, then how many more. */
const char *naming_offices(struct client *client, const struct plan *plan, const json_t *codes, size_t most);

/* "council（桃園市性別平等會）、…": what an answer lists, by the code in `member` and by name. In the arena. */
const char *naming_all(struct client *client, const json_t *list, const char *member);

#endif
