/* account_change.h: what is changed about an account, strictly read. Private to api/. */
#ifndef TRIBUTARY_API_ACCOUNT_CHANGE_H
#define TRIBUTARY_API_ACCOUNT_CHANGE_H

#include "api/recording.h"
#include "http/request.h"

/* As functions_accounts.sql takes it; texts in the request's arena. */
struct account_change {
    const char *version; /* of If-Match */
    const char *text;    /* JSON */
    bool disables;
};

/* Reads If-Match and a body with no members but these. False: a problem is replied. */
bool account_change_read(struct request *request, const char *const *known, struct account_change *ret_change);

/* Whether a member of an account has the right form; NULL in `value` is json null. */
bool account_member_is_good(const char *name, const json_t *value);

/* What a member must be, in the reader's language. */
const char *account_member_wanted(const struct request *request, const char *name);

/* What the database says against a change or a new account. */
extern const struct refusal account_refusals[];

#endif
