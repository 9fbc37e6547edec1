/* command_audit.c: tributary audit list|show|head|export|verify: the log, for those who audit it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "files.h"
#include "keys.h"
#include "log_file.h"
#include "url.h"

enum { LOG_FILE_LIMIT = 1024 * 1024 * 1024, KEYS_LIMIT = 1024 * 1024 };

/* ---- list, show, head --------------------------------------------------------------------------------------------- */

static const char *actor_words(struct client *client, const json_t *entry)
{
    const json_t *actor = json_object_get(entry, "actor");
    const char *label = json_text_member(actor, "label"), *role = json_text_member(actor, "role"),
               *id = json_text_member(actor, "id");

    if (label && role)
        return arena_format(client->arena, "%s (%s)", label, role);
    return label ? label : role ? role : id;
}

static void show_entries(struct client *client, const json_t *answer)
{
    const struct listing_column columns[] = {
        {client_word(client, log_place), LISTING_RIGHT}, {client_word(client, recorded_at), LISTING_LEFT},
        {client_word(client, what), LISTING_WRAPS},      {client_word(client, actor), LISTING_WRAPS},
        {client_word(client, office), LISTING_LEFT},     {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const char *next = json_text_member(answer, "next");
    const json_t *entry;
    size_t i;

    json_array_foreach(json_object_get(answer, "entries"), i, entry)
        listing_row(listing,
                    (const char *[]){client_number(client, json_integer_value(json_object_get(entry, "sequence"))),
                                     client_exact_moment(client, json_text_member(entry, "recorded_at")),
                                     json_text_member(json_object_get(entry, "kind_name"),
                                                      client->language == LANGUAGE_ZH ? "zh" : "en"),
                                     actor_words(client, entry), json_text_member(entry, "office"),
                                     json_text_member(entry, "submission")});
    if (listing_row_count(listing) == 0)
        client_print(client, audit_none);
    else
        client_show(client, listing);
    if (next)
        client_print(client, audit_more, next);
}

static enum exit_status run_list(struct client *client)
{
    const struct url_parameter parameters[] = {
        {"kind", client_option(client, "kind")},    {"office", client_option(client, "office")},
        {"actor", client_option(client, "actor")},  {"submission", client_option(client, "submission")},
        {"plan", client_option(client, "of-plan")}, {"from", client_option(client, "from")},
        {"to", client_option(client, "to")},        {"order", client_option(client, "order")},
        {"limit", client_option(client, "limit")},  {"after", client_option(client, "after")}};
    json_t *answer;
    enum exit_status status = fetch_shown(
        client, url_query(client->arena, "/v1/audit", parameters, sizeof parameters / sizeof *parameters), &answer);

    if (answer)
        show_entries(client, answer);
    json_decref(answer);
    return status;
}

/* An entry is for those who read JSON: its text, laid out, and where it stands. */
static void show_entry(struct client *client, const json_t *entry)
{
    const json_t *log = json_object_get(entry, "log");
    char *text = json_dumps(json_object_get(entry, "entry"), JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY);

    client_print(client, audit_entry, client_number(client, json_integer_value(json_object_get(entry, "sequence"))),
                 json_text_member(json_object_get(entry, "kind_name"), client->language == LANGUAGE_ZH ? "zh" : "en"),
                 client_exact_moment(client, json_text_member(entry, "recorded_at")));
    if (json_is_true(json_object_get(entry, "pruned")))
        client_print(client, audit_pruned);
    else if (text)
        client_print_text(client, text);
    client_print(client, audit_head, json_text_member(log, "head"),
                 client_number(client, json_integer_value(json_object_get(log, "last"))));
    free(text);
}

static enum exit_status run_show(struct client *client)
{
    const char *part = client->arguments.word_count > 1 ? url_part(client->arena, client->arguments.words[1]) : NULL;
    json_t *answer;

    if (!part)
        return client_usage(client, client_word(client, audit_which));

    enum exit_status status = fetch_shown(client, arena_format(client->arena, "/v1/audit/%s", part), &answer);

    if (answer)
        show_entry(client, answer);
    json_decref(answer);
    return status;
}

static enum exit_status run_head(struct client *client)
{
    json_t *answer;
    enum exit_status status = fetch_shown(client, "/v1/audit/head", &answer);

    if (answer)
        client_print(client, audit_head, json_text_member(answer, "head"),
                     client_number(client, json_integer_value(json_object_get(answer, "last"))));
    json_decref(answer);
    return status;
}

/* ---- export, verify ----------------------------------------------------------------------------------------------- */

static enum exit_status run_export(struct client *client)
{
    const struct url_parameter parameters[] = {{"from", client_option(client, "from")},
                                               {"to", client_option(client, "to")}};
    const char *output = client_option(client, "output"),
               *path = url_query(client->arena, "/v1/audit/export", parameters, 2);
    struct reply reply = {0};
    enum exit_status status;

    if (!output || !path)
        return client_usage(client, client_text(client, option_needed, "-o"));
    status = fetch_send(
        client, &(struct request){.path = path, .accept = "application/jsonl, application/problem+json"}, &reply);
    if (status != EXIT_DONE)
        return status;
    status = status_meaning(reply.status);
    if (status == EXIT_DONE && strcmp(output, "-") == 0) {
        if (fwrite(reply.body, 1, reply.length, stdout) != reply.length || fflush(stdout) != 0)
            status = client_usage(client, client_word(client, output_failed));
    } else if (status == EXIT_DONE) {
        status = export_save(client, output, reply.body, reply.length);
    } else {
        json_t *json = reply_json(&reply);

        fetch_explain(client, &reply, json);
        json_decref(json);
    }
    reply_free(&reply);
    return status;
}

/* The keys of --keys; NULL without that option. False: a fault was said. */
static bool read_keys(struct client *client, json_t **ret_keys)
{
    const char *file = client_option(client, "keys"), *bytes;
    struct json_fault fault;
    size_t length;

    *ret_keys = NULL;
    if (!file)
        return true;

    int error = file_read(client->arena, file, KEYS_LIMIT, &bytes, &length);

    if (error) {
        client_machine_fault(client, file, error);
        return false;
    }
    *ret_keys = json_parse_strict(bytes, length, 10000, &fault);
    if (!*ret_keys)
        client_usage(client, client_text(client, json_fault, file, client_word(client, not_keys),
                                         client_number(client, fault.line), fault.text));
    return *ret_keys != NULL;
}

static void show_log_proof(struct client *client, const struct log_proof *proof, bool holds)
{
    if (client->json) {
        json_t *json =
            json_pack("{sb ss sI sI sI sI sI ss}", "holds", holds, "jurisdiction", proof->jurisdiction, "first",
                      (json_int_t)proof->first, "last", (json_int_t)proof->last, "batches", (json_int_t)proof->batches,
                      "entries", (json_int_t)proof->entries, "pruned", (json_int_t)proof->pruned, "head", proof->head);

        client_print_json(json);
        json_decref(json);
        return;
    }
    if (!holds)
        client_print(client, log_does_not_hold, client_number(client, (long long)proof->faults));
    else
        client_print(client, log_holds, client_number(client, (long long)proof->entries),
                     client_number(client, proof->first), client_number(client, proof->last), proof->head);
}

static enum exit_status run_verify(struct client *client)
{
    const char *file = client->arguments.word_count > 1 ? client->arguments.words[1] : NULL, *bytes;
    struct log_proof proof = {.wanted = client_option(client, "head")};
    json_t *keys;
    size_t length;

    if (!file)
        return client_usage(client, client_word(client, audit_which_file));
    if (!read_keys(client, &keys))
        return EXIT_USAGE;

    struct arena *arena = arena_new(LOG_FILE_LIMIT + 4096);
    int error = arena ? file_read(arena, file, LOG_FILE_LIMIT, &bytes, &length) : 0;
    enum exit_status status = EXIT_USAGE;

    if (error) {
        client_machine_fault(client, file, error);
    } else if (arena) {
        proof.keys = keys;
        status = log_file_prove(client, bytes, length, &proof);
        show_log_proof(client, &proof, status == EXIT_DONE);
    }
    arena_free(arena);
    json_decref(keys);
    return status;
}

static enum exit_status run(struct client *client)
{
    static const struct {
        const char *name;
        enum exit_status (*run)(struct client *client);
    } actions[] = {
        {"list", run_list}, {"show", run_show}, {"head", run_head}, {"export", run_export}, {"verify", run_verify}};

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(client->arguments.words[0], actions[i].name) == 0)
            return actions[i].run(client);
    return client_usage(client, client_text(client, no_such_command, client->arguments.words[0]));
}

static const struct option options[] = {
    {"kind", "KIND", {{"list：只列這種紀錄", "list: only entries of this kind"}}},
    {"office", "OFFICE", {{"list：只列與這個機關有關者", "list: only about this office"}}},
    {"actor", "ID", {{"list：只列這個帳號或權杖所為", "list: only by this account or token"}}},
    {"submission", "ID", {{"list：只列與這份報送有關者", "list: only about this submission"}}},
    {"of-plan", "CODE", {{"list：只列與這個計畫有關者", "list: only about this plan"}}},
    {"from", "TIME", {{"自某一時點起，如 2026-01-01T00:00:00+08:00", "recorded at or after this moment"}}},
    {"to", "TIME", {{"至某一時點止", "recorded at or before this moment"}}},
    {"order",
     "newest|oldest",
     {{"list：先列新的（預設）或舊的", "list: the newest first (the default) or the oldest"}}},
    {"limit", "NUMBER", {{"list：至多幾筆", "list: at most so many"}}},
    {"after", "NUMBER", {{"list：接續前一頁", "list: go on after the page before"}}},
    {"keys",
     "FILE",
     {{"verify：公開金鑰檔（GET /v1/keys 的回應），取代本機保存的",
       "verify: public keys (an answer of GET /v1/keys) instead of the kept ones"}}},
    {"head", "HEAD", {{"verify：紀錄應經過這個紀錄頭", "verify: the log must go through this head"}}},
    EXPORT_OPTIONS,
    {0},
};

const struct command command_audit = {
    .name = "audit",
    .usage = "list|show NUMBER|head|export -o FILE|verify FILE",
    .summary = {{"查閱、匯出稽核紀錄，或離線驗證",
                 "read and export the log of what was recorded, or verify it offline"}},
    .details =
        {{"匯出檔每行一個 JSON 物件，附簽章，無伺服器亦可驗證；逾 64 MB 時請以 --from、--to 分段匯出。",
          "An export has one JSON object a line, with signatures, and verifies without the server. What is larger than 64 MB is exported in parts, by --from and --to."}},
    .options = options,
    .least_words = 1,
    .most_words = 2,
    .run = run};
