/* mails.h: the outbox as people who look after it see it: what was sent to whom, when, and what went wrong. */
#ifndef TRIBUTARY_MAIL_MAILS_H
#define TRIBUTARY_MAIL_MAILS_H

#include <jansson.h>

#include "db/db.h"

struct mail_filter {
    const char *state, *kind, *office, *account; /* each may be NULL */
    const char *id;                              /* one, or NULL */
    int64_t before;                              /* only those made before this place; 0: all */
    int limit;
};

/* The newest first, no text and no address of them; at most `limit` + 1, each with its place in "place", so that the caller sees whether
 * there are more. Inside a snapshot. The caller owns *ret_list. */
enum db_status mails_list(struct db *db, const struct mail_filter *filter, json_t **ret_list);

enum mail_retry { RETRY_QUEUED, RETRY_NOT_FOUND, RETRY_SENT, RETRY_SPENT };

/* Has it tried again now; for three more days. RETRY_SPENT: the link it would carry is gone. Inside a change of an
 * administrator's. */
enum db_status mail_retry(struct db *db, const char *id, enum mail_retry *ret_retry);

/* Mails a reset link to its account, where a daemon sends mails and the account has an address (*ret_queued). `path` is what
 * follows the service's address, up to the secret. Inside a change. */
enum db_status mail_queue_reset(struct db *db, const char *account, const char *path, const char *secret,
                                bool *ret_queued);

#endif
