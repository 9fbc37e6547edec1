/* attaching.c: one file after the other: whose it is, its place on the server, its pieces, the attachment. */
#include "attaching.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attaching_inside.h"
#include "attachment/type.h"
#include "base/json.h"
#include "known_server.h"
#include "url.h"

enum { USUAL_PIECE = 1024 * 1024 };

/* ---- storing ---------------------------------------------------------------------------------------------------- */

enum exit_status attaching_judge(struct client *client, const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    const struct attachment_type *type;
    enum problem problem = PROBLEM_NONE;
    struct stat stat;

    if (descriptor < 0 || fstat(descriptor, &stat) != 0 || S_ISDIR(stat.st_mode)) {
        int error = descriptor >= 0 && S_ISDIR(stat.st_mode) ? EISDIR : errno;

        if (descriptor >= 0)
            close(descriptor);
        return client_machine_fault(client, path, error);
    }

    struct byte_source source = {.size = (uint64_t)stat.st_size, .read = descriptor_read, .context = &descriptor};
    bool read = attachment_judge(&source, &problem, &type);

    close(descriptor);
    if (!read)
        return client_machine_fault(client, path, EIO);
    if (problem == PROBLEM_NONE)
        return EXIT_DONE;
    client_say(client, attachment_refused, path, problem_entry(problem)->wording[client->language]);
    return EXIT_REFUSED;
}

enum exit_status attaching_store(struct client *client, const char *plan, const char *path, const char *slot,
                                 const struct waiting_file *target)
{
    struct waiting_file file = *target;
    char key[OUTBOX_KEY_SIZE];
    enum exit_status status = attaching_judge(client, path);

    if (status != EXIT_DONE)
        return status;
    outbox_make_key(key);
    file.server = fetch_server(client);
    file.plan = plan;
    file.slot = slot;
    file.name = sending_name(path);
    file.idempotency_key = key;
    file.sample_clock = client_option(client, "sample-clock");
    if (!file.sample_clock)
        file.sample_clock = getenv("TRIBUTARY_SAMPLE_CLOCK");
    if (!file.server)
        return EXIT_USAGE;

    int error = waiting_file_store(client->arena, client->config.state, path, &file);

    return error ? client_machine_fault(client, path, error) : EXIT_DONE;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* Whether the server's answer decides the matter, rather than the moment or something on the way. */
static bool is_final(const struct reply *reply, const json_t *json)
{
    return reply->status >= 400 && reply->status < 500 && reply->status != 401 && reply->status != 408 &&
           reply->status != 425 && reply->status != 429 && reply_is_problem(reply, json);
}

enum exit_status sending_explain(struct sending *sending, const struct reply *reply, const json_t *json)
{
    struct client *client = sending->client;
    enum exit_status status = status_meaning(reply->status);

    fetch_explain(client, reply, json);
    if (!is_final(reply, json))
        return status;
    sending->is_over = true;
    client_say(client, not_attached, sending->file->name);
    return status == EXIT_NOT_ALLOWED ? status : EXIT_REFUSED;
}

enum exit_status sending_save(struct sending *sending)
{
    struct client *client = sending->client;
    int error = !sending->file->id ? 0 : waiting_file_save(client->arena, client->config.state, sending->file);

    return error ? client_machine_fault(client, client->config.state, error) : EXIT_DONE;
}

/* ---- the attachment --------------------------------------------------------------------------------------------- */

static enum exit_status show_attached(struct sending *sending, const struct reply *reply, const json_t *json)
{
    struct client *client = sending->client;
    const char *sha256 = json_text_member(json, "sha256");

    sending->is_over = true;
    if (client->json)
        printf("%s\n", reply->body);
    else
        client_print(client, attached, json_text_member(json, "name"), json_text_member(json, "slot"),
                     client_exact_moment(client, json_text_member(json, "recorded_at")),
                     json_text_member(json, "attachment"));
    if (sha256 && strcmp(sha256, sending->file->sha256) == 0)
        return EXIT_DONE;
    client_say(client, attachment_differs, sending->file->name);
    return EXIT_SERVER_FAULT;
}

/* Gives up the bytes that were sent for nothing; they would expire anyway. */
static void give_up(struct sending *sending)
{
    struct reply reply;

    if (sending->file->upload &&
        fetch_send(sending->client, &(struct request){.path = sending_upload_path(sending), .method = "DELETE"},
                   &reply) == EXIT_DONE)
        reply_free(&reply);
}

/* *ret_again: the server knows the upload no more, and it isn't attached either. */
static enum exit_status attach(struct sending *sending, bool *ret_again)
{
    struct client *client = sending->client;
    struct waiting_file *file = sending->file;
    json_t *order = json_pack("{ss ss}", "upload", file->upload, "slot", file->slot);
    char *body = order ? json_dumps(order, JSON_COMPACT) : NULL;
    struct request request = {.path = arena_format(client->arena, "/v1/submissions/%s/attachments",
                                                   url_part(client->arena, file->submission)),
                              .body = body,
                              .body_length = body ? strlen(body) : 0,
                              .content_type = "application/json",
                              .idempotency_key = file->idempotency_key,
                              .sample_clock = file->sample_clock};
    struct reply reply;
    enum exit_status status = body && request.path ? fetch_send(client, &request, &reply)
                                                   : client_usage(client, client_word(client, out_of_memory));

    json_decref(order);
    free(body);
    *ret_again = false;
    if (status != EXIT_DONE)
        return status;

    json_t *json = reply_json(&reply);
    const char *code = reply_is_problem(&reply, json) ? json_text_member(json, "code") : NULL;

    if (reply.status == 200 || reply.status == 201)
        status = show_attached(sending, &reply, json);
    else if (code && strcmp(code, "upload_gone") == 0)
        *ret_again = true;
    else
        status = sending_explain(sending, &reply, json);
    if (sending->is_over && reply.status >= 400)
        give_up(sending);
    json_decref(json);
    reply_free(&reply);
    return status;
}

/* An upload that the server knows no more may be attached already, its answer having been lost: attaching it again tells.
 * If it expired, all is sent anew. */
static enum exit_status send_one(struct sending *sending)
{
    enum exit_status status = sending_find_submission(sending);
    bool again = true;

    for (int attempt = 0; status == EXIT_DONE && again && attempt < 2; attempt++) {
        if (attempt > 0)
            sending->file->upload = NULL;
        status = sending_send_bytes(sending);
        again = false;
        if (status == EXIT_DONE)
            status = attach(sending, &again);
    }
    return status == EXIT_DONE && again ? EXIT_SERVER_FAULT : status;
}

/* Whether a file is sent to this server, as waiting.c has it of what it goes with. */
static bool is_for(struct client *client, struct waiting_file *file, const char *server, bool everything,
                   enum exit_status *status)
{
    if (strcmp(file->server, server) == 0)
        return true;
    if (!everything)
        return false;
    if (!known_server_lets_go(client, file->server, server, file->name)) {
        *status = exit_worse(*status, EXIT_UNREACHABLE);
        return false;
    }
    file->server = server;
    file->upload = NULL; /* its place is on the other one */
    return true;
}

static enum exit_status send_all(struct client *client, struct outbox *outbox, const char *server, bool everything)
{
    struct waiting_file *files = NULL;
    size_t count = 0;
    int error = waiting_file_list(client->arena, client->config.state, &files, &count);
    enum exit_status status = error ? client_machine_fault(client, client->config.state, error) : EXIT_DONE;

    for (size_t i = 0; i < count; i++) {
        struct sending sending = {.client = client, .outbox = outbox, .file = &files[i], .piece = USUAL_PIECE};

        if (!is_for(client, &files[i], server, everything, &status))
            continue;

        enum exit_status one = send_one(&sending);

        status = exit_worse(status, one);
        if (sending.is_over) {
            waiting_file_remove(client->arena, client->config.state, &files[i]);
            continue;
        }
        client_say(client, attachment_waits, files[i].name);
        if (one == EXIT_UNREACHABLE && !files[i].hand_in)
            break;
    }
    return status;
}

enum exit_status attaching_send(struct client *client, struct outbox *outbox, bool everything)
{
    const char *server = fetch_server(client);
    int lock, error = server ? outbox_lock(outbox, true, &lock) : 0;

    if (!server)
        return EXIT_USAGE;
    if (error)
        return client_machine_fault(client, client->config.state, error);

    enum exit_status status = send_all(client, outbox, server, everything);

    outbox_unlock(lock);
    return status;
}
