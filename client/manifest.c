/* manifest.c: feeding sample data. It doesn't pass through the outbox: the manifest itself lists what is to be sent, and
 * the Idempotency-Key of each document follows from its content and clock, so feeding it again doubles nothing. */
#include "manifest.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "document_file.h"
#include "fetch.h"
#include "files.h"
#include "manifest_inside.h"
#include "plan_cache.h"
#include "receipt_check.h"
#include "submission.h"
#include "url.h"

enum {
    MANIFEST_LIMIT = 64 * 1024 * 1024,
    LINE_VALUES = 2000,
    TOKENS_LIMIT = 1024 * 1024,
    FILE_LIMIT = 64 * 1024 * 1024,
};

static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? arena_copy(arena, path, (size_t)(slash - path)) : ".";
}

static const char *token_of(const struct feed *feed, const char *office)
{
    return office ? json_text_member(json_object_get(feed->tokens, "offices"), office) : NULL;
}

void manifest_key(const char *clock, const char *bytes, size_t length, char ret_key[static MANIFEST_KEY_LENGTH + 1])
{
    struct buffer whole = BUFFER_WITH_LIMIT(DOCUMENT_LIMIT + 1024);
    struct digest digest = {0};
    char text[DIGEST_TEXT_SIZE];

    if (buffer_append(&whole, clock, strlen(clock) + 1) && buffer_append(&whole, bytes, length))
        digest = digest_of(whole.data, whole.length);
    buffer_free(&whole);
    digest_format(&digest, text);
    memcpy(ret_key, text, MANIFEST_KEY_LENGTH);
    ret_key[MANIFEST_KEY_LENGTH] = '\0';
}

void manifest_deviate(struct feed *feed, const char *name, const char *expected, const char *came)
{
    listing_row(feed->deviations, (const char *[]){name, expected, came});
}

/* What came, as the manifest names it; otherwise the answer's status and code. */
static const char *outcome_of(struct feed *feed, const struct reply *reply, const json_t *json)
{
    const char *code = json_text_member(json, "code");

    if (reply->status >= 200 && reply->status <= 299 && is_receipt(json))
        return "recorded";
    if (reply->status == 422)
        return "refused";
    return arena_format(feed->client->arena, "%ld %s", reply->status, code ? code : "");
}

/* The first error of a refusal, so that an unexpected one can be understood. */
static const char *first_finding(struct client *client, const json_t *json)
{
    const json_t *finding = json_array_get(json_object_get(json, "findings"), 0);
    const char *path = json_text_member(finding, "path"), *message = json_text_member(finding, "message");

    return path ? arena_format(client->arena, "\n%s: %s", path, message ? message : "") : "";
}

/* Keeps the event of a receipt, for the hand-ins that correct it, and what it became, for its reviews. */
static void keep_receipt(struct feed *feed, const char *name, const json_t *receipt)
{
    json_t *event = json_object_get(receipt, "event"), *submission = json_object_get(receipt, "submission");

    if (json_is_string(event))
        json_object_set(feed->events, name, event);
    if (json_is_string(submission))
        json_object_set(feed->submissions, name, submission);
}

static void judge(struct feed *feed, const char *name, const char *expected, const struct reply *reply)
{
    json_t *json = reply_json(reply);
    const char *came = outcome_of(feed, reply, json);

    if (!came || strcmp(came, expected) != 0)
        manifest_deviate(
            feed, name, expected,
            arena_format(feed->client->arena, "%s%s", came ? came : "", first_finding(feed->client, json)));
    else if (strcmp(came, "recorded") != 0)
        feed->refused++;
    else if (receipt_check_new(feed->client, json, NULL) != EXIT_DONE)
        manifest_deviate(feed, name, expected, client_word(feed->client, receipt_does_not_hold));
    else
        feed->recorded++;
    keep_receipt(feed, name, json);
    json_decref(json);
}

/* One line of the manifest. */
struct line {
    const char *file, *clock, *expected;
    const char *event_of; /* the file that was handed in first for the same event; NULL: none */
};

/* Reads the document, with the event it belongs to put in. */
static enum exit_status read_file(struct feed *feed, struct arena *arena, const struct line *line,
                                  struct document_file *ret_file)
{
    const struct identity given = {.event = line->event_of ? json_text_member(feed->events, line->event_of) : NULL,
                                   .base = -1};
    const char *path = line->file[0] == '/' ? line->file : arena_format(arena, "%s/%s", feed->folder, line->file);
    enum exit_status status = path ? document_file_read(feed->client, arena, path, ret_file) : EXIT_USAGE;

    if (status == EXIT_DONE && line->event_of && !given.event)
        return client_usage(feed->client, client_text(feed->client, no_event_of, line->event_of, line->file));
    return status == EXIT_DONE ? document_file_complete(feed->client, arena, ret_file, &given, NULL) : status;
}

static enum exit_status send_file(struct feed *feed, struct arena *arena, const struct line *line)
{
    struct document_file file;
    struct reply reply;
    char key[MANIFEST_KEY_LENGTH + 1];
    enum exit_status status = read_file(feed, arena, line, &file);

    if (status != EXIT_DONE)
        return status;

    const char *token = token_of(feed, file.says.office);

    if (!token)
        return client_usage(feed->client, client_text(feed->client, no_token_for, file.says.office, line->file));
    manifest_key(line->clock, file.bytes, file.length, key);
    status = fetch_send(feed->client,
                        &(struct request){.path = feed->path,
                                          .token = token,
                                          .body = file.bytes,
                                          .body_length = file.length,
                                          .content_type = file.content_type,
                                          .idempotency_key = key,
                                          .sample_clock = line->clock},
                        &reply);
    if (status != EXIT_DONE)
        return status;
    judge(feed, line->file, line->expected, &reply);
    reply_free(&reply);
    return EXIT_DONE;
}

static enum exit_status send_line(struct feed *feed, const char *text, size_t length)
{
    struct arena *arena = arena_new(FILE_LIMIT);
    struct json_fault fault;
    json_t *json = json_parse_strict(text, length, LINE_VALUES, &fault);
    const struct line line = {json_text_member(json, "file"), json_text_member(json, "sample_clock"),
                              json_text_member(json, "expect"), json_text_member(json, "event_of")};
    enum exit_status status;

    if (arena && manifest_is_word(json))
        status = manifest_send_word(feed, json);
    else if (arena && line.file && line.clock && line.expected)
        status = send_file(feed, arena, &line);
    else
        status = client_usage(
            feed->client, client_text(feed->client, bad_manifest_line, arena_copy(feed->client->arena, text, length)));
    if (status == EXIT_DONE)
        progress_step(&feed->progress, line.file ? line.file : "");
    json_decref(json);
    arena_free(arena);
    return status;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text; text += *text == '\n') {
        count += *text != '\n';
        text += strcspn(text, "\n");
    }
    return count;
}

static enum exit_status send_lines(struct feed *feed)
{
    enum exit_status status = EXIT_DONE;

    feed->progress = progress_begin(count_lines(feed->lines), client_option(feed->client, "progress") != NULL);
    for (const char *line = feed->lines; *line && status == EXIT_DONE;) {
        size_t length = strcspn(line, "\n");

        if (length > 0)
            status = send_line(feed, line, length);
        line += length + (line[length] == '\n');
    }
    if (status != EXIT_DONE)
        progress_clear(&feed->progress);
    return status;
}

static enum exit_status open_feed(struct feed *feed, const char *manifest, const char *tokens)
{
    struct client *client = feed->client;
    const struct identity nothing = {.base = -1};
    const char *text;
    struct json_fault fault;
    size_t length;
    enum exit_status status;
    const char *plan = plan_code(client, &status);
    int error = file_read(client->arena, manifest, MANIFEST_LIMIT, &feed->lines, &length);

    if (error)
        return client_machine_fault(client, manifest, error);
    error = file_read(client->arena, tokens, TOKENS_LIMIT, &text, &length);
    if (error)
        return client_machine_fault(client, tokens, error);
    if (!plan)
        return status;
    feed->events = json_object();
    feed->submissions = json_object();
    feed->kept = json_object();
    feed->tokens = json_parse_strict(text, length, TOKENS_LIMIT, &fault);
    if (!feed->tokens)
        return client_usage(client, client_text(client, bad_tokens, tokens, fault.text));
    feed->folder = folder_of(client->arena, manifest);
    feed->path = submission_path(client, plan, &nothing);
    plan = url_part(client->arena, plan);
    feed->plan_path = plan ? arena_format(client->arena, "/v1/plans/%s", plan) : NULL;
    return feed->folder && feed->path && feed->plan_path ? EXIT_DONE : EXIT_USAGE;
}

enum exit_status manifest_submit(struct client *client, const char *manifest, const char *tokens)
{
    const struct listing_column columns[] = {{client_word(client, file), LISTING_LEFT},
                                             {client_word(client, expected), LISTING_LEFT},
                                             {client_word(client, came), LISTING_WRAPS}};
    struct feed feed = {.client = client, .deviations = listing_new(client->arena, columns, 3)};
    enum exit_status status = open_feed(&feed, manifest, tokens);

    if (status == EXIT_DONE)
        status = send_lines(&feed);
    json_decref(feed.tokens);
    json_decref(feed.events);
    json_decref(feed.submissions);
    json_decref(feed.kept);

    size_t deviations = listing_row_count(feed.deviations);

    if (deviations > 0)
        client_show(client, feed.deviations);
    if (status == EXIT_DONE || deviations > 0)
        client_print(client, feed_summary, client_number(client, (long long)feed.recorded),
                     client_number(client, (long long)feed.refused), client_number(client, (long long)deviations),
                     client_number(client, (long long)feed.reviewed));
    return status == EXIT_DONE && deviations > 0 ? EXIT_REFUSED : status;
}
