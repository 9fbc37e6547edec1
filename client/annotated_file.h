/* annotated_file.h: the checked file written again with its findings at their cells. */
#ifndef TRIBUTARY_CLIENT_ANNOTATED_FILE_H
#define TRIBUTARY_CLIENT_ANNOTATED_FILE_H

#include <jansson.h>

#include "client.h"
#include "document_file.h"

/* Whether --annotate OUT and --force fit the call: one file, which isn't OUT, and no file of that name unless --force is
 * given. Otherwise the reason has been said. */
enum exit_status annotated_file_allowed(struct client *client);

/* Writes the file with a list of findings (api.md), ours or the server's, to `path` and says how many cells are marked.
 * The file is there whole or not at all. */
enum exit_status annotated_file_write(struct client *client, const struct document_file *file, const json_t *list,
                                      const char *path);

#endif
