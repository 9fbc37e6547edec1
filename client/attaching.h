/* attaching.h: sending files that wait, from where the last run stopped, and attaching them. */
#ifndef TRIBUTARY_CLIENT_ATTACHING_H
#define TRIBUTARY_CLIENT_ATTACHING_H

#include "client.h"
#include "outbox.h"
#include "waiting_files.h"

/* Judges a file of this machine as the server will; EXIT_REFUSED, having said why, if it isn't taken. */
enum exit_status attaching_judge(struct client *client, const char *path);

/* Judges, copies and stores a file to be attached under `slot` to what `target` names (submission, hand_in, or form and
 * period); server, plan and keys are added. `plan` is the plan's code. */
enum exit_status attaching_store(struct client *client, const char *plan, const char *path, const char *slot,
                                 const struct waiting_file *target);

/* Uploads a file that has been judged from where it is: nothing is kept, it goes with what is recorded at once.
 * `plan` is the plan's code. On EXIT_DONE *ret_upload, in the client's arena, can be named in one order. */
enum exit_status attaching_upload(struct client *client, const char *plan, const char *path, const char **ret_upload);

/* Sends every stored file of the person's server, in order; with `everything` also what was kept for another, as
 * waiting_send() does. Shows what comes of each; the worst status. */
enum exit_status attaching_send(struct client *client, struct outbox *outbox, bool everything);

#endif
