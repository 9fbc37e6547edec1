/* command_receipt.c: tributary receipt show|verify: what was handed in, and the proof of it without the server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "document_file.h"
#include "fetch.h"
#include "files.h"
#include "keys.h"
#include "naming.h"
#include "outbox.h"
#include "plan_cache.h"
#include "receipt.h"
#include "receipt_check.h"
#include "remarks.h"
#include "url.h"
#include "waiting.h"

#define RECEIPT_SUFFIX ".json"
#define ENTRY_SUFFIX   ".entry"

enum { RECEIPT_LIMIT = 64 * 1024 * 1024, RECEIPT_VALUES = 1000 * 1000, DOCUMENT_MEMORY = 512 * 1024 * 1024 };

/* --- finding and reading a receipt --------------------------------------------------------------------------------- */

static json_t *read_json(struct client *client, const char *path)
{
    const char *bytes;
    struct json_fault fault;
    size_t length;
    int error = file_read(client->arena, path, RECEIPT_LIMIT, &bytes, &length);

    if (error) {
        client_machine_fault(client, path, error);
        return NULL;
    }

    json_t *json = json_parse_strict(bytes, length, RECEIPT_VALUES, &fault);

    if (!json)
        client_usage(client, client_text(client, json_fault, path, client_word(client, not_a_receipt),
                                         client_number(client, fault.line), fault.text));
    return json;
}

/* The file of the kept receipt for that submission, NULL if none is kept. */
static const char *find_kept(struct client *client, const char *id)
{
    struct outbox *outbox;
    const char **ids;
    size_t count;

    if (waiting_open(client, &outbox) != EXIT_DONE || outbox_list(outbox, SHELF_RECEIPTS, &ids, &count) != 0)
        return NULL;
    for (size_t i = count; i > 0; i--) {
        const char *bytes;
        struct json_fault fault;
        size_t length;

        if (outbox_answer(outbox, SHELF_RECEIPTS, ids[i - 1], &bytes, &length) != 0)
            continue;

        json_t *receipt = json_parse_strict(bytes, length, RECEIPT_VALUES, &fault);
        const char *submission = json_text_member(receipt, "submission");
        bool found = submission && strcmp(submission, id) == 0;

        json_decref(receipt);
        if (found)
            return outbox_answer_file(outbox, SHELF_RECEIPTS, ids[i - 1]);
    }
    return NULL;
}

/* A receipt by its file, or by its submission's id: kept here, or asked of the server. The caller decrefs. */
static enum exit_status open_receipt(struct client *client, const char *named, const char **ret_file,
                                     json_t **ret_receipt)
{
    const char *kept = strchr(named, '/') || strchr(named, '.') ? named : find_kept(client, named);
    const char *part = kept ? NULL : url_part(client->arena, named);
    enum exit_status status = EXIT_DONE;

    *ret_receipt = NULL;
    *ret_file = kept;
    if (kept)
        *ret_receipt = read_json(client, kept);
    else
        status = fetch_json(client, part ? arena_format(client->arena, "/v1/submissions/%s/receipt", part) : NULL,
                            ret_receipt);
    return status == EXIT_DONE && !*ret_receipt ? EXIT_USAGE : status;
}

/* --- show ---------------------------------------------------------------------------------------------------------- */

static void add_member(struct client *client, struct listing *listing, const char *heading, const json_t *json,
                       const char *key)
{
    const json_t *value = json_object_get(json, key);

    if (json_is_integer(value))
        listing_row(listing, (const char *[]){heading, client_number(client, json_integer_value(value))});
    else if (json_is_string(value))
        listing_row(listing, (const char *[]){heading, json_string_value(value)});
}

static void show_receipt(struct client *client, const json_t *receipt, const char *file)
{
    const struct listing_column columns[] = {{client_word(client, item), LISTING_LEFT},
                                             {client_word(client, value), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 2);
    const json_t *log = json_object_get(receipt, "log");
    struct cached_plan plan;

    plan_if_cached(client, &plan);
    listing_row(listing, (const char *[]){client_word(client, document),
                                          naming_document(client, plan.plan, json_text_member(receipt, "form"),
                                                          json_text_member(receipt, "office"),
                                                          json_text_member(receipt, "period"))});
    add_member(client, listing, client_word(client, event), receipt, "event");
    add_member(client, listing, client_word(client, revision), receipt, "revision");
    listing_row(listing, (const char *[]){client_word(client, received_at),
                                          client_exact_moment(client, json_text_member(receipt, "received_at"))});
    listing_row(listing, (const char *[]){client_word(client, recorded_at),
                                          client_exact_moment(client, json_text_member(receipt, "recorded_at"))});
    if (*remarks_of(client, receipt))
        listing_row(listing, (const char *[]){client_word(client, remark), remarks_of(client, receipt)});
    add_member(client, listing, client_word(client, id), receipt, "submission");
    add_member(client, listing, client_word(client, replaces), receipt, "replaces");
    add_member(client, listing, client_word(client, sha256), receipt, "sha256");
    add_member(client, listing, client_word(client, document_sha256), receipt, "document_sha256");
    add_member(client, listing, client_word(client, log_place), log, "sequence");
    add_member(client, listing, client_word(client, log_head), log, "head");
    add_member(client, listing, client_word(client, signed_with), json_object_get(receipt, "signature"), "key");
    if (file)
        listing_row(listing, (const char *[]){client_word(client, file), file});
    client_show(client, listing);
    cached_plan_release(&plan);
}

static enum exit_status run_show(struct client *client, const char *named)
{
    const char *file;
    json_t *receipt;
    enum exit_status status = open_receipt(client, named, &file, &receipt);

    if (status != EXIT_DONE)
        return status;
    if (client->json)
        client_print_json(receipt);
    else
        show_receipt(client, receipt, file);
    json_decref(receipt);
    return EXIT_DONE;
}

/* --- verify -------------------------------------------------------------------------------------------------------- */

/* The key the receipt names: from --key, from --keys, or as this machine keeps it. */
static bool find_key(struct client *client, const json_t *receipt, unsigned char key[static PUBLIC_KEY_SIZE],
                     enum exit_status *ret_status)
{
    const char *given = client_option(client, "key"), *file = client_option(client, "keys");
    const char *id = json_text_member(json_object_get(receipt, "signature"), "key");
    bool found;

    *ret_status = EXIT_DONE;
    if (given) {
        found = receipt_key_parse(given, key);
        if (!found)
            *ret_status = client_usage(client, client_word(client, bad_key));
        return found;
    }
    if (file) {
        json_t *keys = read_json(client, file);

        found = id && keys_find_in(keys, id, key);
        if (!keys)
            *ret_status = EXIT_USAGE;
        json_decref(keys);
    } else {
        found = id && keys_find(client, id, key);
    }
    if (!found && *ret_status == EXIT_DONE) {
        client_say(client, key_unknown, id);
        *ret_status = EXIT_REFUSED;
    }
    return found;
}

/* The canonical document by the plan this machine knows; without that plan the content can't be checked. */
static void prove_content(struct client *client, const json_t *receipt, const struct document_file *file,
                          struct receipt_proof *proof)
{
    struct arena *arena = arena_new(DOCUMENT_MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct buffer canonical = BUFFER_WITH_LIMIT(DOCUMENT_MEMORY);
    /* What a CSV file doesn't say was given beside it. */
    const struct identity given = {.form = file->says.form ? NULL : json_text_member(receipt, "form"),
                                   .office = file->says.office ? NULL : json_text_member(receipt, "office"),
                                   .period = file->says.period ? NULL : json_text_member(receipt, "period"),
                                   .base = -1};
    struct document *document = NULL;
    struct cached_plan plan;

    plan_if_cached(client, &plan);
    if (!plan.plan)
        client_say(client, content_needs_plan);
    if (plan.plan && arena && document_file_judge(client, file, plan.plan, &given, &findings, &document) == EXIT_DONE &&
        document && document_write_canonical(document, &canonical))
        receipt_prove_content(receipt, digest_of(canonical.data, canonical.length), proof);
    document_release(document);
    cached_plan_release(&plan);
    buffer_free(&canonical);
    arena_free(arena);
}

static const char *sibling(struct client *client, const char *receipt_file)
{
    size_t length = receipt_file ? strlen(receipt_file) : 0, suffix = strlen(RECEIPT_SUFFIX);

    if (length <= suffix || strcmp(receipt_file + length - suffix, RECEIPT_SUFFIX) != 0)
        return NULL;
    return arena_format(client->arena, "%.*s" ENTRY_SUFFIX, (int)(length - suffix), receipt_file);
}

/* The document that is kept beside the receipt of a hand-in of this machine. False if there is none. */
static bool read_kept_document(struct client *client, const char *receipt_file, struct document_file *ret_file)
{
    const char *path = sibling(client, receipt_file), *bytes;
    struct outbox_entry entry;
    size_t length;

    if (!path || file_read(client->arena, path, RECEIPT_LIMIT, &bytes, &length) != 0 ||
        outbox_entry_parse(client->arena, bytes, length, &entry) != 0 || outbox_is_release(&entry))
        return false;
    *ret_file = (struct document_file){.name = path,
                                       .kind = strcmp(entry.content_type, "application/json") == 0 ? DOCUMENT_JSON
                                                                                                   : DOCUMENT_CSV,
                                       .content_type = entry.content_type,
                                       .bytes = entry.body,
                                       .length = entry.body_length,
                                       .says = {.base = -1}};
    return true;
}

static enum exit_status prove_document(struct client *client, const json_t *receipt, const char *receipt_file,
                                       struct receipt_proof *proof)
{
    const char *name = client_option(client, "document");
    struct document_file file;

    if (name) {
        enum exit_status status = document_file_read(client, client->arena, name, &file);

        if (status != EXIT_DONE)
            return status;
    } else if (!read_kept_document(client, receipt_file, &file)) {
        return EXIT_DONE;
    }
    /* Where nothing changed, the receipt is that of earlier bytes with the same content. */
    if (name || !json_is_true(json_object_get(receipt, "unchanged")))
        receipt_prove_bytes(receipt, file.bytes, file.length, proof);
    prove_content(client, receipt, &file, proof);
    return EXIT_DONE;
}

static const char *result_text(struct client *client, enum receipt_result result)
{
    static const enum message words[] = {
        [RECEIPT_NOT_CHECKED] = MESSAGE_not_checked, [RECEIPT_HOLDS] = MESSAGE_holds, [RECEIPT_FAILS] = MESSAGE_fails};

    return message_text(words[result], client->language);
}

static void show_proof(struct client *client, const struct receipt_proof *proof, bool holds)
{
    const struct listing_column columns[] = {{client_word(client, result), LISTING_LEFT},
                                             {client_word(client, check), LISTING_WRAPS},
                                             {client_word(client, differs), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, 3);
    const json_t *entry = proof->entry;
    struct cached_plan plan;

    for (size_t i = 0; i < RECEIPT_CHECK_COUNT; i++)
        listing_row(listing, (const char *[]){result_text(client, proof->results[i]),
                                              receipt_check_words(client, (enum receipt_check)i), proof->details[i]});
    client_show(client, listing);
    puts("");
    if (!holds) {
        client_print(client, receipt_does_not_hold);
        return;
    }
    plan_if_cached(client, &plan);
    client_print(client, proven,
                 naming_document(client, plan.plan, json_text_member(entry, "form"), json_text_member(entry, "office"),
                                 json_text_member(entry, "period")),
                 client_number(client, json_integer_value(json_object_get(entry, "revision"))),
                 client_exact_moment(client, json_text_member(entry, "recorded_at")),
                 client_number(client, json_integer_value(json_object_get(entry, "sequence"))));
    cached_plan_release(&plan);
}

static void print_proof(const struct receipt_proof *proof, bool holds)
{
    static const char *const names[RECEIPT_CHECK_COUNT] = {
        [RECEIPT_ENTRY] = "entry", [RECEIPT_LEAF] = "leaf",      [RECEIPT_PATH] = "path",
        [RECEIPT_HEAD] = "head",   [RECEIPT_KEY] = "key",        [RECEIPT_SIGNATURE] = "signature",
        [RECEIPT_BYTES] = "bytes", [RECEIPT_CONTENT] = "content"};
    static const char *const results[] = {
        [RECEIPT_NOT_CHECKED] = "not_checked", [RECEIPT_HOLDS] = "holds", [RECEIPT_FAILS] = "fails"};
    json_t *json = json_pack("{sb s[]}", "holds", holds, "checks");

    for (size_t i = 0; i < RECEIPT_CHECK_COUNT; i++)
        json_array_append_new(json_object_get(json, "checks"),
                              json_pack("{ss ss ss*}", "check", names[i], "result", results[proof->results[i]],
                                        "differs", proof->details[i]));
    client_print_json(json);
    json_decref(json);
}

static enum exit_status run_verify(struct client *client, const char *named)
{
    unsigned char key[PUBLIC_KEY_SIZE];
    struct receipt_proof proof;
    const char *file;
    json_t *receipt;
    enum exit_status status = open_receipt(client, named, &file, &receipt), key_status;

    if (status != EXIT_DONE)
        return status;

    bool known = find_key(client, receipt, key, &key_status);

    receipt_prove(client->arena, receipt, known ? key : NULL, &proof);
    status = prove_document(client, receipt, file, &proof);
    if (key_status != EXIT_USAGE && status == EXIT_DONE) {
        bool holds = known && receipt_proof_holds(&proof);

        if (client->json)
            print_proof(&proof, holds);
        else
            show_proof(client, &proof, holds);
        status = holds ? EXIT_DONE : EXIT_REFUSED;
    }
    receipt_proof_release(&proof);
    json_decref(receipt);
    return exit_worse(status, key_status);
}

static enum exit_status run(struct client *client)
{
    static const struct {
        const char *name;
        enum exit_status (*run)(struct client *client, const char *named);
    } actions[] = {{"show", run_show}, {"verify", run_verify}};

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(client->arguments.words[0], actions[i].name) == 0)
            return actions[i].run(client, client->arguments.words[1]);
    return client_usage(client, client_text(client, no_such_command, client->arguments.words[0]));
}

static const struct option options[] = {
    {"document", "FILE", {{"一併核對這份檔案是否就是所報送的", "also prove that this file is what was handed in"}}},
    {"keys",
     "FILE",
     {{"公開金鑰檔（GET /v1/keys 的回應），取代本機保存的",
       "public keys (an answer of GET /v1/keys) instead of the kept ones"}}},
    {"key", "BASE64", {{"直接指定 Ed25519 公開金鑰", "the Ed25519 public key itself"}}},
    {0},
};

const struct command command_receipt = {
    .name = "receipt",
    .usage = "show|verify FILE|ID",
    .summary = {{"顯示收據，或離線驗證收據", "show a receipt, or verify it without the server"}},
    .details =
        {{"驗證由收據本身重算紀錄雜湊、批次樹與簽章；任何一項不符，結束狀態為 1 並指出何處不符。收據旁若保存有報送內容，一併核對。",
          "Verifying recomputes entry, tree and signature from the receipt itself; if anything differs it exits with 1 and says what. A "
          "document kept beside the receipt is checked too."}},
    .options = options,
    .least_words = 2,
    .most_words = 2,
    .run = run};
