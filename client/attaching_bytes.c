/* attaching_bytes.c: a file's place on the server, and its pieces from where the last run stopped. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attaching_inside.h"
#include "base/json.h"
#include "progress.h"
#include "url.h"

enum { MOST_DETOURS = 20, MOST_PIECE = 8 * 1024 * 1024 };

bool descriptor_read(void *context, uint64_t at, size_t length, unsigned char *ret_bytes)
{
    const int *descriptor = context;

    while (length > 0) {
        ssize_t count = pread(*descriptor, ret_bytes, length, (off_t)at);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        ret_bytes += count;
        at += (uint64_t)count;
        length -= (size_t)count;
    }
    return true;
}

/* Notes how an upload stands, from an answer or a 409 of the server. */
static bool take_offset(struct sending *sending, const json_t *json)
{
    const json_t *offset = json_object_get(json, "offset"), *piece = json_object_get(json, "piece");

    if (!json_is_integer(offset) || json_integer_value(offset) < 0 || json_integer_value(offset) > sending->file->size)
        return false;
    sending->offset = json_integer_value(offset);
    if (json_integer_value(piece) > 0 && json_integer_value(piece) <= MOST_PIECE)
        sending->piece = (size_t)json_integer_value(piece);
    return true;
}

/* Sends a request about the upload; 409 tells where it stands, 404 that it is gone. */
static enum exit_status exchange(struct sending *sending, const struct request *request)
{
    struct reply reply;
    enum exit_status status = fetch_send(sending->client, request, &reply);

    if (status != EXIT_DONE)
        return status;

    json_t *json = reply_json(&reply);
    bool moved = (reply.status == 409 || (reply.status >= 200 && reply.status < 300)) && take_offset(sending, json);

    sending->is_gone = reply.status == 404 && reply_is_problem(&reply, json);
    if (!moved && !sending->is_gone)
        status = reply.status < 300 ? EXIT_SERVER_FAULT : sending_explain(sending, &reply, json);
    json_decref(json);
    reply_free(&reply);
    return status;
}

static enum exit_status open_upload(struct sending *sending)
{
    struct client *client = sending->client;
    struct waiting_file *file = sending->file;
    const char *plan = url_part(client->arena, file->plan);
    json_t *order = json_pack("{sI ss ss}", "size", (json_int_t)file->size, "name", file->name, "sha256", file->sha256);
    char *body = order ? json_dumps(order, JSON_COMPACT) : NULL;
    struct request request = {.path = plan ? arena_format(client->arena, "/v1/plans/%s/uploads", plan) : NULL,
                              .body = body,
                              .body_length = body ? strlen(body) : 0,
                              .content_type = "application/json"};
    struct reply reply;
    enum exit_status status = body && request.path ? fetch_send(client, &request, &reply)
                                                   : client_usage(client, client_word(client, out_of_memory));

    json_decref(order);
    free(body);
    if (status != EXIT_DONE)
        return status;

    json_t *json = reply_json(&reply);

    file->upload = reply.status == 201 ? arena_text(client->arena, json_text_member(json, "upload")) : NULL;
    if (file->upload && take_offset(sending, json))
        status = sending_save(sending);
    else
        status = reply.status == 201 ? EXIT_SERVER_FAULT : sending_explain(sending, &reply, json);
    json_decref(json);
    reply_free(&reply);
    return status;
}

const char *sending_upload_path(struct sending *sending)
{
    return arena_format(sending->client->arena, "/v1/uploads/%s", sending->file->upload);
}

/* Sends the next piece. */
static enum exit_status send_piece(struct sending *sending, int descriptor, char *bytes)
{
    long long left = sending->file->size - sending->offset;
    size_t length = left < (long long)sending->piece ? (size_t)left : sending->piece;
    char offset[24];

    if (!descriptor_read(&descriptor, (uint64_t)sending->offset, length, (unsigned char *)bytes))
        return client_machine_fault(sending->client, sending->file->name, EIO);
    snprintf(offset, sizeof offset, "%lld", sending->offset);
    return exchange(sending, &(struct request){.path = sending_upload_path(sending),
                                               .method = "PATCH",
                                               .body = bytes,
                                               .body_length = length,
                                               .content_type = "application/octet-stream",
                                               .upload_offset = offset});
}

static enum exit_status send_pieces(struct sending *sending, int descriptor)
{
    struct client *client = sending->client;
    char *bytes = malloc(MOST_PIECE);
    size_t total = ((size_t)sending->file->size + sending->piece - 1) / sending->piece;
    struct progress progress = progress_begin(total, client_option(client, "progress") != NULL);
    enum exit_status status = bytes ? EXIT_DONE : client_usage(client, client_word(client, out_of_memory));

    progress.done = (size_t)sending->offset / sending->piece;
    if (sending->offset > 0 && sending->offset < sending->file->size)
        client_say(client, goes_on_at, sending->file->name, client_number(client, sending->offset / 1024),
                   client_number(client, sending->file->size / 1024));
    for (int detours = 0; status == EXIT_DONE && !sending->is_gone && sending->offset < sending->file->size;) {
        long long before = sending->offset;

        status = send_piece(sending, descriptor, bytes);
        if (sending->offset > before)
            progress_step(&progress, sending->file->name);
        else if (status == EXIT_DONE && ++detours > MOST_DETOURS)
            status = EXIT_SERVER_FAULT;
    }
    progress_clear(&progress);
    free(bytes);
    return status;
}

enum exit_status sending_send_open(struct sending *sending, int descriptor)
{
    enum exit_status status;

    sending->is_gone = false;
    if (sending->file->upload)
        status = exchange(sending, &(struct request){.path = sending_upload_path(sending)});
    else
        status = open_upload(sending);
    return status == EXIT_DONE && !sending->is_gone ? send_pieces(sending, descriptor) : status;
}

enum exit_status sending_send_bytes(struct sending *sending)
{
    struct client *client = sending->client;
    int descriptor, error = waiting_file_open(client->arena, client->config.state, sending->file, &descriptor);
    enum exit_status status;

    if (error)
        return client_machine_fault(client, sending->file->name, error);
    status = sending_send_open(sending, descriptor);
    close(descriptor);
    return status;
}
