/* packs.h: frozen packs as a person gets them: their files, what is told of them. */
#ifndef TRIBUTARY_CLIENT_PACKS_H
#define TRIBUTARY_CLIENT_PACKS_H

#include <jansson.h>

#include "client.h"

enum { PACK_FILES_MOST = 8 };

/* The options -o in their order, each a file whose ending says its format. False, having said so, for another ending or
 * too many. */
bool pack_outputs(struct client *client, const char *ret_paths[static PACK_FILES_MOST], size_t *ret_count);

/* Fetches and writes a pack's files, held against the digests that the pack (the server's answer) says, and tells where
 * each was put, unless the answer itself is printed (--json). */
enum exit_status pack_save_files(struct client *client, const json_t *pack, const char *const *paths, size_t count);

/* What a pack is: its title, moment and id. */
void pack_tell(struct client *client, const json_t *pack);

enum exit_status pack_list(struct client *client, const char *plan);
enum exit_status pack_show(struct client *client, const char *id);
enum exit_status pack_get(struct client *client, const char *id);
enum exit_status pack_check(struct client *client, const char *id);
enum exit_status pack_changes(struct client *client, const char *id, const char *since);

#endif
