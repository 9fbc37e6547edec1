/* submission.c: one hand-in and its answer. */
#include "submission.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "findings_view.h"
#include "keys.h"
#include "known_server.h"
#include "naming.h"
#include "receipt_check.h"
#include "review_words.h"
#include "url.h"

static const struct {
    long from, to;
    const char *code; /* NULL: any */
    struct verdict verdict;
} verdicts[] = {
    {401, 401, NULL, {SHELF_OUTBOX, EXIT_NOT_ALLOWED, true}}, /* another token will do */
    {403, 403, NULL, {SHELF_REFUSED, EXIT_NOT_ALLOWED, false}},
    {408, 408, NULL, {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
    {409, 409, "revision_conflict", {SHELF_CONFLICTS, EXIT_REFUSED, false}},
    {425, 425, NULL, {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
    {429, 429, NULL, {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
    {400, 499, NULL, {SHELF_REFUSED, EXIT_REFUSED, false}},
    {502, 504, NULL, {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
};

struct verdict submission_verdict(long status, bool is_receipt, const char *code)
{
    if (status >= 200 && status <= 299 && is_receipt)
        return (struct verdict){SHELF_RECEIPTS, EXIT_DONE, false};
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        bool fits = status >= verdicts[i].from && status <= verdicts[i].to;

        /* What something on the way says must not take an entry out of the outbox. */
        if (fits && !code && verdicts[i].verdict.shelf != SHELF_OUTBOX)
            break;
        if (fits && (!verdicts[i].code || (code && strcmp(verdicts[i].code, code) == 0)))
            return verdicts[i].verdict;
    }
    return (struct verdict){SHELF_OUTBOX, EXIT_SERVER_FAULT, status < 500};
}

bool is_receipt(const json_t *json)
{
    return json_text_member(json, "submission") && json_is_object(json_object_get(json, "log")) &&
           json_is_object(json_object_get(json, "signature"));
}

/* Whether the server keeps it for a colleague to release. */
static bool is_prepared(long status, const json_t *json)
{
    return status == 202 && json_text_member(json, "prepared") && json_text_member(json, "state");
}

const char *submission_path(struct client *client, const char *plan, const struct identity *given)
{
    const char *part = url_part(client->arena, plan);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s/submissions", part) : NULL;
    const char *base = given->base >= 0 ? arena_format(client->arena, "%lld", given->base) : NULL;
    const struct url_parameter parameters[] = {{"form", given->form},
                                               {"office", given->office},
                                               {"period", given->period},
                                               {"event", given->event},
                                               {"base", base},
                                               {"on_behalf", client_option(client, "on-behalf") ? "true" : NULL},
                                               {"received_at", client_option(client, "received-at")},
                                               {"received_reason", client_option(client, "received-reason")}};

    return path ? url_query(client->arena, path, parameters, sizeof parameters / sizeof *parameters) : NULL;
}

static const char *entry_name(struct client *client, const struct plan *plan, const struct outbox_entry *entry)
{
    const char *document = naming_document(client, plan, entry->form, entry->office, entry->period);

    if (!entry->file)
        return *document ? document : entry->id;
    return *document ? client_text(client, file_of, entry->file, document) : entry->file;
}

/* What was handed in unchanged may have been returned before: then nothing is corrected yet, and these are the cells. */
static void show_still_returned(struct client *client, const struct plan *plan, const json_t *receipt)
{
    const char *part = url_part(client->arena, json_text_member(receipt, "submission"));
    json_t *seen = NULL;

    if (!part || fetch_json(client, arena_format(client->arena, "/v1/submissions/%s", part), &seen) != EXIT_DONE)
        return;

    const json_t *review = json_object_get(seen, "review"), *ticket = json_object_get(review, "ticket"), *cell;
    const char *state = json_text_member(review, "state");
    size_t i;

    if (state && strcmp(state, "returned") == 0) {
        client_print(client, unchanged_returned, review_ticket_text(client, plan, ticket));
        json_array_foreach(json_object_get(ticket, "cells"), i, cell) {
            const char *path = json_string_value(cell),
                       *name = naming_path(client, plan, json_text_member(receipt, "form"), path, 0);

            client_print_text(client, arena_format(client->arena, "  %s  %s", name ? name : "", path));
        }
    }
    json_decref(seen);
}

/* What was recorded, in one line, and the proof that it was. A receipt that doesn't hold is kept all the same. */
static enum exit_status show_receipt(struct client *client, const struct plan *plan, const struct outbox_entry *entry,
                                     const char *file, const struct reply *reply, const json_t *receipt)
{
    const json_t *findings = json_object_get(receipt, "findings");
    const char *name = entry_name(client, plan, entry);
    const char *revision = client_number(client, json_integer_value(json_object_get(receipt, "revision")));
    const char *moment = client_exact_moment(client, json_text_member(receipt, "recorded_at"));
    bool unchanged = json_is_true(json_object_get(receipt, "unchanged"));

    if (client->json) {
        printf("%s\n", reply->body);
    } else {
        if (unchanged)
            client_print(client, unchanged, name, revision);
        else if (json_is_true(json_object_get(receipt, "on_behalf")))
            client_print(client, recorded_on_behalf, name, revision, moment);
        else
            client_print(client, recorded, name, revision, moment);
        client_print(client, receipt_kept, file);
        findings_show(client, plan, json_text_member(receipt, "form"), findings);
        if (unchanged)
            show_still_returned(client, plan, receipt);
    }
    return receipt_check_new(client, receipt, unchanged || outbox_is_release(entry) ? NULL : entry);
}

static void show_conflict(struct client *client, struct outbox *outbox, const char *name,
                          const struct outbox_entry *entry, const json_t *problem)
{
    const json_t *current = json_object_get(problem, "current");
    const char *kept = outbox_entry_file(outbox, SHELF_CONFLICTS, entry->id);
    const char *revision = client_number(client, json_integer_value(json_object_get(current, "revision")));

    client_say(client, conflict, name, client_number(client, entry->base > 0 ? entry->base : 0), revision,
               client_exact_moment(client, json_text_member(current, "recorded_at")));
    client_say(client, conflict_see, json_text_member(current, "submission"));
    client_say(client, conflict_go_on, entry->file ? entry->file : kept, revision);
    client_say(client, kept_at, kept);
}

static void show_refusal(struct client *client, const struct plan *plan, struct outbox *outbox, const char *name,
                         const struct outbox_entry *entry, const struct reply *reply, const json_t *problem)
{
    const json_t *findings = json_object_get(problem, "findings");

    if (client->json)
        printf("%s\n", reply->body);
    client_say(client, refused, name);
    if (!json_is_array(findings)) {
        fetch_explain(client, reply, problem);
    } else if (!client->json) {
        findings_show(client, plan, entry->form, findings);
        client_say_text(client, findings_summary(client, findings));
    }
    client_say(client, kept_at, outbox_entry_file(outbox, SHELF_REFUSED, entry->id));
}

static void show_prepared(struct client *client, const struct plan *plan, const char *name,
                          const struct outbox_entry *entry, const struct reply *reply, const json_t *prepared)
{
    if (client->json) {
        printf("%s\n", reply->body);
        return;
    }
    client_print(client, prepared_waits, name, json_text_member(prepared, "prepared"));
    findings_show(client, plan, entry->form, json_object_get(prepared, "findings"));
}

static enum exit_status show_answer(struct client *client, struct outbox *outbox, const struct plan *plan,
                                    const struct outbox_entry *entry, enum shelf shelf, const struct reply *reply,
                                    const json_t *json)
{
    const char *name = entry_name(client, plan, entry);

    switch (shelf) {
    case SHELF_RECEIPTS:
        return show_receipt(client, plan, entry, outbox_answer_file(outbox, SHELF_RECEIPTS, entry->id), reply, json);
    case SHELF_CONFLICTS:
        if (client->json)
            printf("%s\n", reply->body);
        show_conflict(client, outbox, name, entry, json);
        break;
    case SHELF_PREPARED: show_prepared(client, plan, name, entry, reply, json); break;
    case SHELF_REFUSED: show_refusal(client, plan, outbox, name, entry, reply, json); break;
    default: fetch_explain(client, reply, json); client_say(client, waits, name);
    }
    return EXIT_DONE;
}

struct verdict submission_send(struct client *client, struct outbox *outbox, const struct plan *plan,
                               const struct outbox_entry *entry)
{
    struct request request = {.path = entry->path,
                              .body = entry->body,
                              .body_length = entry->body_length,
                              .content_type = entry->content_type,
                              .idempotency_key = entry->idempotency_key,
                              .sample_clock = entry->sample_clock};
    struct verdict verdict = {SHELF_OUTBOX, EXIT_DONE, true};
    struct reply reply;

    verdict.status = fetch_send(client, &request, &reply);
    if (verdict.status != EXIT_DONE) {
        client_say(client, waits, entry_name(client, plan, entry));
        return verdict;
    }

    json_t *json = reply_json(&reply);

    verdict = submission_verdict(reply.status, is_receipt(json),
                                 reply_is_problem(&reply, json) ? json_text_member(json, "code") : NULL);
    if (is_prepared(reply.status, json))
        verdict = (struct verdict){SHELF_PREPARED, EXIT_DONE, false};
    if (is_receipt(json) || reply_is_problem(&reply, json))
        known_server_note(client);
    if (verdict.shelf != SHELF_OUTBOX) {
        int error = outbox_settle(outbox, entry->id, verdict.shelf, reply.body, reply.length);

        if (error)
            verdict.status =
                exit_worse(verdict.status,
                           client_machine_fault(client, outbox_entry_file(outbox, verdict.shelf, entry->id), error));
    }
    verdict.status = exit_worse(verdict.status, show_answer(client, outbox, plan, entry, verdict.shelf, &reply, json));
    json_decref(json);
    reply_free(&reply);
    return verdict;
}
