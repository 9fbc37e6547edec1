/* attaching_inside.h: the steps of sending a file; private to attaching*.c. */
#ifndef TRIBUTARY_CLIENT_ATTACHING_INSIDE_H
#define TRIBUTARY_CLIENT_ATTACHING_INSIDE_H

#include "attachment/bytes.h"
#include "client.h"
#include "fetch.h"
#include "outbox.h"
#include "waiting_files.h"

/* One file on its way, and how it goes on. */
struct sending {
    struct client *client;
    struct outbox *outbox;
    struct waiting_file *file;
    long long offset;
    size_t piece;
    bool is_gone; /* the server knows the upload no more: it expired, or is attached already */
    bool is_over; /* attached or refused: it waits no more */
};

/* ---- attaching.c ---- */

/* Says an answer that isn't good. A final one ends the file's waiting. */
enum exit_status sending_explain(struct sending *sending, const struct reply *reply, const json_t *json);

/* Remembers what is known of the file by now, if it is one that waits. */
enum exit_status sending_save(struct sending *sending);

/* ---- attaching_upload.c ---- */

/* The name a file is sent under. */
const char *sending_name(const char *path);

/* ---- attaching_target.c ---- */

/* Sets file->submission, what it is attached to, if it isn't known yet. EXIT_UNREACHABLE while that waits itself. */
enum exit_status sending_find_submission(struct sending *sending);

/* ---- attaching_bytes.c ---- */

/* Reads from an open file; fits byte_source.read with a pointer to its descriptor. */
bool descriptor_read(void *context, uint64_t at, size_t length, unsigned char *ret_bytes);

/* Sends of an open file what the server hasn't got yet. On EXIT_DONE it has all, or sending->is_gone. */
enum exit_status sending_send_open(struct sending *sending, int descriptor);

/* Sends of the stored copy what the server hasn't got yet. On EXIT_DONE it has all, or sending->is_gone. */
enum exit_status sending_send_bytes(struct sending *sending);

/* The upload's address. */
const char *sending_upload_path(struct sending *sending);

#endif
