/* keys.h: the servers' public keys as this machine first saw them, so that receipts can be verified without the server. */
#ifndef TRIBUTARY_CLIENT_KEYS_H
#define TRIBUTARY_CLIENT_KEYS_H

#include <jansson.h>
#include <stdbool.h>

#include "client.h"
#include "receipt.h"

/* Asks the server for its keys and keeps those that are new; a key once kept is never replaced, and a new one beside
 * others is said to the person, who can compare it with what the city announced. */
enum exit_status keys_fetch(struct client *client);

/* The kept key of that id, of whichever server. False if there is none. */
bool keys_find(struct client *client, const char *id, unsigned char ret_key[static PUBLIC_KEY_SIZE]);

/* The key of that id in an answer of GET /v1/keys; an entry whose id isn't its key's is passed over. */
bool keys_find_in(const json_t *answer, const char *id, unsigned char ret_key[static PUBLIC_KEY_SIZE]);

#endif
