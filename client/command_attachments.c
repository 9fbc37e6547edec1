/* command_attachments.c: tributary attachments: what is attached, its bytes with their hash checked, its withdrawal. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/json.h"
#include "command.h"
#include "fetch.h"
#include "outbox.h"
#include "url.h"

enum { ASKED_AT_ONCE = 4 * 1024 * 1024, HASHED_AT_ONCE = 64 * 1024 };

/* ---- list ------------------------------------------------------------------------------------------------------- */

static void show_list(struct client *client, const json_t *list)
{
    const struct listing_column columns[] = {
        {client_word(client, slot), LISTING_LEFT},       {client_word(client, file), LISTING_WRAPS},
        {client_word(client, size), LISTING_RIGHT},      {client_word(client, recorded_at), LISTING_LEFT},
        {client_word(client, withdrawn), LISTING_WRAPS}, {client_word(client, id), LISTING_LEFT},
        {client_word(client, remark), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        listing_row(
            listing,
            (const char *[]){json_text_member(one, "slot"), json_text_member(one, "name"),
                             client_number(client, json_integer_value(json_object_get(one, "size"))),
                             client_moment(client, json_text_member(one, "recorded_at")),
                             json_text_member(json_object_get(one, "withdrawn"), "reason"),
                             json_text_member(one, "attachment"),
                             json_is_true(json_object_get(one, "on_behalf")) ? client_word(client, on_behalf) : ""});
    if (json_array_size(list) == 0)
        client_print(client, nothing_attached);
    else
        client_show(client, listing);
}

static enum exit_status run_list(struct client *client, const char *submission)
{
    const char *part = url_part(client->arena, submission);
    json_t *answer = NULL;
    enum exit_status status =
        fetch_shown(client, part ? arena_format(client->arena, "/v1/submissions/%s/attachments", part) : NULL, &answer);

    if (status == EXIT_DONE && answer)
        show_list(client, json_object_get(answer, "attachments"));
    json_decref(answer);
    return status;
}

/* ---- get -------------------------------------------------------------------------------------------------------- */

/* A header of the range that came tells the whole size; the last range is the one that is shorter than asked. */
struct getting {
    struct client *client;
    const char *path, *part; /* of the server; the file that is being written */
    int descriptor;
    long long done;
    char sha256[DIGEST_TEXT_SIZE]; /* as the server says */
};

/* The digest is the entity tag. False: it isn't one. */
static bool take_tag(struct getting *getting, const struct reply *reply)
{
    struct digest digest;

    if (strlen(reply->etag) != DIGEST_TEXT_SIZE + 1)
        return false;
    memcpy(getting->sha256, reply->etag + 1, DIGEST_TEXT_SIZE - 1);
    getting->sha256[DIGEST_TEXT_SIZE - 1] = '\0';
    return digest_parse(getting->sha256, &digest);
}

static int append(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

/* Asks for the next part. *ret_over: there is no more. */
static enum exit_status get_part(struct getting *getting, bool *ret_over)
{
    struct client *client = getting->client;
    char range[64];
    struct reply reply;
    enum exit_status status;

    snprintf(range, sizeof range, "bytes=%lld-%lld", getting->done, getting->done + ASKED_AT_ONCE - 1);
    status = fetch_send(client, &(struct request){.path = getting->path, .range = range}, &reply);
    if (status != EXIT_DONE)
        return status;
    *ret_over = reply.status == 416 && getting->done > 0;
    if (reply.status == 206 && take_tag(getting, &reply)) {
        int error = append(getting->descriptor, reply.body, reply.length);

        getting->done += (long long)reply.length;
        *ret_over = reply.length < ASKED_AT_ONCE;
        if (error)
            status = client_machine_fault(client, getting->part, error);
    } else if (!*ret_over) {
        json_t *json = reply_json(&reply);

        status = reply.status < 300 ? EXIT_SERVER_FAULT : status_meaning(reply.status);
        fetch_explain(client, &reply, json);
        json_decref(json);
    }
    reply_free(&reply);
    return status;
}

static int digest_file(int descriptor, char ret_text[static DIGEST_TEXT_SIZE])
{
    crypto_hash_sha256_state state;
    unsigned char bytes[HASHED_AT_ONCE];
    struct digest digest;
    ssize_t count;

    crypto_hash_sha256_init(&state);
    for (off_t at = 0; (count = pread(descriptor, bytes, sizeof bytes, at)) != 0; at += count) {
        if (count < 0)
            return errno;
        crypto_hash_sha256_update(&state, bytes, (unsigned long long)count);
    }
    crypto_hash_sha256_final(&state, digest.bytes);
    digest_format(&digest, ret_text);
    return fsync(descriptor) == 0 ? 0 : errno;
}

/* The parts are written beside, under a name of the attachment's, so that a second run goes on; the file gets its own name
 * only when its hash is right. */
static enum exit_status finish(struct getting *getting, const char *file)
{
    struct client *client = getting->client;
    char sha256[DIGEST_TEXT_SIZE];
    int error = digest_file(getting->descriptor, sha256);

    if (error)
        return client_machine_fault(client, getting->part, error);
    if (getting->sha256[0] && strcmp(sha256, getting->sha256) != 0) {
        unlink(getting->part);
        client_say(client, attachment_differs, file);
        return EXIT_SERVER_FAULT;
    }
    if (rename(getting->part, file) != 0)
        return client_machine_fault(client, file, errno);
    client_print(client, attachment_saved, file, client_number(client, getting->done), sha256);
    return EXIT_DONE;
}

static enum exit_status run_get(struct client *client, const char *id)
{
    const char *file = client_option(client, "output"), *part = url_part(client->arena, id);
    struct getting getting = {.client = client};
    enum exit_status status = EXIT_DONE;
    bool over = false;

    if (!file)
        return client_usage(client, client_text(client, option_needed, "--output"));
    getting.path = part ? arena_format(client->arena, "/v1/attachments/%s", part) : NULL;
    getting.part = part ? arena_format(client->arena, "%s.%s.part", file, part) : NULL;
    if (!getting.path || !getting.part)
        return client_usage(client, client_word(client, out_of_memory));
    getting.descriptor = open(getting.part, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (getting.descriptor < 0)
        return client_machine_fault(client, getting.part, errno);
    getting.done = lseek(getting.descriptor, 0, SEEK_END);
    if (getting.done > 0) { /* the last bytes once more, so that the server says what the hash is to be */
        getting.done--;
        if (ftruncate(getting.descriptor, getting.done) != 0)
            status = client_machine_fault(client, getting.part, errno);
    }
    while (status == EXIT_DONE && !over)
        status = get_part(&getting, &over);
    if (status == EXIT_DONE)
        status = finish(&getting, file);
    else if (getting.done == 0)
        unlink(getting.part);
    close(getting.descriptor);
    return status;
}

/* ---- withdraw --------------------------------------------------------------------------------------------------- */

static enum exit_status run_withdraw(struct client *client, const char *id)
{
    const char *reason = client_option(client, "reason"), *part = url_part(client->arena, id);
    char key[OUTBOX_KEY_SIZE];
    struct reply reply;

    if (!reason || !*reason)
        return client_usage(client, client_text(client, option_needed, "--reason"));
    outbox_make_key(key);

    json_t *order = json_pack("{ss}", "reason", reason), *json;
    char *body = order ? json_dumps(order, JSON_COMPACT) : NULL;
    enum exit_status status =
        body && part
            ? fetch_send(client,
                         &(struct request){.path = arena_format(client->arena, "/v1/attachments/%s/withdrawal", part),
                                           .body = body,
                                           .body_length = strlen(body),
                                           .content_type = "application/json",
                                           .idempotency_key = key},
                         &reply)
            : client_usage(client, client_word(client, out_of_memory));

    json_decref(order);
    free(body);
    if (status != EXIT_DONE)
        return status;
    json = reply_json(&reply);
    status = status_meaning(reply.status);
    if (client->json && json)
        printf("%s\n", reply.body);
    if (status != EXIT_DONE)
        fetch_explain(client, &reply, json);
    else if (!client->json)
        client_print(client, attachment_was_withdrawn, json_text_member(json, "name"));
    json_decref(json);
    reply_free(&reply);
    return status;
}

static enum exit_status run(struct client *client)
{
    const char *const *words = client->arguments.words;

    if (client->arguments.word_count == 1)
        return run_list(client, words[0]);
    if (strcmp(words[0], "get") == 0)
        return run_get(client, words[1]);
    if (strcmp(words[0], "withdraw") == 0)
        return run_withdraw(client, words[1]);
    return client_usage(client, client_word(client, wrong_words));
}

static const struct option options[] = {
    {"output", "FILE", {{"存成哪個檔案（get，可簡寫為 -o）", "the file to write (get); -o for short"}}},
    {"reason", "TEXT", {{"撤回的理由（withdraw）", "why it is withdrawn (withdraw)"}}},
    {0},
};

const struct command command_attachments = {
    .name = "attachments",
    .usage = "SUBMISSION | get ID --output FILE | withdraw ID --reason TEXT",
    .summary = {{"列出、取回或撤回附件", "list, fetch or withdraw attachments"}},
    .details = {{"取回時由中斷處接續，並核對雜湊。撤回的附件仍留存為憑。",
                 "Fetching goes on where it was broken off, and checks the hash. What is withdrawn is kept as proof."}},
    .options = options,
    .least_words = 1,
    .most_words = 2,
    .run = run};
