/* body_words.h: what the contract says of bodies, members and meetings in the reader's language. */
#ifndef TRIBUTARY_CLIENT_BODY_WORDS_H
#define TRIBUTARY_CLIENT_BODY_WORDS_H

#include "client.h"

/* In all of these a word that isn't known stays what it is, and NULL is "". */

/* "f", "external", "deputy": a member's sex, seat, and role on the body. */
const char *body_sex_word(struct client *client, const char *sex);
const char *body_seat_word(struct client *client, const char *seat);
const char *body_role_word(struct client *client, const char *role);

/* "holds", "broken"; anything else is unknown. */
const char *body_verdict_word(struct client *client, const char *verdict);

/* "discussion": the kind of an item on a meeting's agenda. */
const char *body_item_word(struct client *client, const char *kind);

#endif
