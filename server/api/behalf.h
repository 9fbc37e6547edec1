/* behalf.h: handing in for an office: who may, and when it is said to have come. Private to api/. */
#ifndef TRIBUTARY_API_BEHALF_H
#define TRIBUTARY_API_BEHALF_H

#include "form/document.h"
#include "http/request.h"
#include "ledger/hand_in.h"

/* Who may hand this document in (NULL: any): its office, and the Gender Equality Office on its behalf. */
bool may_hand_in(const struct request *request, const struct document *document);

/* Reads on_behalf, received_at and received_reason. False: a problem is replied. */
bool read_behalf(struct request *request, struct hand_in *hand_in);

/* Whether the moment that is attested fits: before it came here, and not before its period began. False: a problem is
 * replied. */
bool check_attested(struct request *request, const struct plan *plan, struct period period, timestamp attested_at,
                    timestamp received_at);

/* What an attested hand-in's receipt says of it, as JSON in the arena; NULL if nothing is attested. */
const char *attested_text(struct request *request, const struct hand_in *hand_in);

/* Replies that the submission has a newer revision than the one it was made from. */
enum step_result reply_revision_conflict(struct request *request, const struct hand_in *hand_in);

/* Replies that the content is there already, and that its receipt is to be attested. */
enum step_result reply_attest_afterwards(struct request *request, const struct hand_in *hand_in);

/* A reason of 1 to 2,000 characters that says something. False: a bad member is replied. */
bool check_reason(struct request *request, const char *name, const char *reason);

#endif
