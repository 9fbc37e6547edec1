/* receipt_check.h: a receipt against the keys this machine keeps: at the moment it comes, and in words. */
#ifndef TRIBUTARY_CLIENT_RECEIPT_CHECK_H
#define TRIBUTARY_CLIENT_RECEIPT_CHECK_H

#include <jansson.h>

#include "client.h"
#include "outbox.h"
#include "receipt.h"

/* Verifies a receipt that has just come, and with `entry` that it is for the bytes that were sent; fetches the server's
 * keys if the one it names isn't kept yet. EXIT_SERVER_FAULT, having said what doesn't fit. */
enum exit_status receipt_check_new(struct client *client, const json_t *receipt, const struct outbox_entry *entry);

/* What a check says, in the person's language. */
const char *receipt_check_words(struct client *client, enum receipt_check check);

#endif
