/* account_lists.h: accounts, sessions and tokens as the API shows them. All run inside a snapshot: row-level security decides
 * what is seen. The caller decrefs what it gets. */
#ifndef TRIBUTARY_IDENTITY_ACCOUNT_LISTS_H
#define TRIBUTARY_IDENTITY_ACCOUNT_LISTS_H

#include <jansson.h>

#include "db/db.h"

struct account_filter {
    const char *account, *office, *role; /* NULL: any */
    const char *after;                   /* a login, or NULL */
    int limit;
};

/* By login; one more than the limit, if there is one. */
enum db_status accounts_list(struct db *db, const struct account_filter *filter, json_t **ret_list);

/* Sessions that haven't ended, the newest first: of an account (NULL: all), or one by its id (NULL: all). */
enum db_status sessions_list(struct db *db, const char *account, const char *session, long idle_seconds,
                             json_t **ret_list);

/* A session together with its account: what a signed-in person is told of themselves. NULL if there is none. */
enum db_status session_view(struct db *db, const char *session, json_t **ret_view);

/* By id, which is by age; one more than the limit, if there is one. One by its id, or NULL: all. */
enum db_status tokens_list(struct db *db, const char *token, const char *after, int limit, json_t **ret_list);

#endif
