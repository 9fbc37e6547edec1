/* command_submit.c: tributary submit FILE…: into the outbox first, then to the server. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "attaching.h"
#include "command.h"
#include "config.h"
#include "document_file.h"
#include "fetch.h"
#include "manifest.h"
#include "plan_cache.h"
#include "submission.h"
#include "waiting.h"

enum { FILE_LIMIT = 128 * 1024 * 1024 };

/* Files of which `-` is one are known by no name. */
static const char *person_name(const char *name)
{
    return strcmp(name, "-") == 0 ? NULL : name;
}

static enum exit_status store(struct client *client, struct outbox *outbox, const char *plan,
                              const struct document_file *file, const struct identity *given, const char **ret_id)
{
    const struct identity beside = document_file_beside(file, given);
    char key[OUTBOX_KEY_SIZE];
    struct outbox_entry entry = {.server = fetch_server(client),
                                 .path = submission_path(client, plan, &beside),
                                 .content_type = file->content_type,
                                 .idempotency_key = key,
                                 .sample_clock = client_option(client, "sample-clock"),
                                 .file = person_name(file->name),
                                 .form = file->says.form ? file->says.form : given->form,
                                 .office = file->says.office ? file->says.office : given->office,
                                 .period = file->says.period ? file->says.period : given->period,
                                 .event = file->says.event ? file->says.event : given->event,
                                 .base = file->says.base,
                                 .body = file->bytes,
                                 .body_length = file->length};

    outbox_make_key(key);
    if (!entry.sample_clock)
        entry.sample_clock = getenv("TRIBUTARY_SAMPLE_CLOCK");
    if (!entry.server || !entry.path)
        return EXIT_USAGE;

    int error = outbox_store(outbox, &entry, ret_id);

    return error ? client_machine_fault(client, client->config.state, error) : EXIT_DONE;
}

static enum exit_status take_in(struct client *client, struct outbox *outbox, const char *plan, const char *name,
                                const char **ret_id)
{
    struct arena *arena = arena_new(FILE_LIMIT);
    struct document_file file;
    struct identity given;
    enum exit_status status = arena ? EXIT_DONE : client_usage(client, client_word(client, out_of_memory));

    if (status == EXIT_DONE && !document_file_options(client, &given))
        status = EXIT_USAGE;
    if (status == EXIT_DONE)
        status = document_file_read(client, arena, name, &file);
    if (status == EXIT_DONE)
        status = document_file_complete(client, arena, &file, &given, client_option(client, "note"));
    if (status == EXIT_DONE)
        status = store(client, outbox, plan, &file, &given, ret_id);
    arena_free(arena);
    return status;
}

/* Calls `each` for every --attach SLOT=FILE. */
static enum exit_status for_attachments(struct client *client, const char *plan, const char *hand_in,
                                        enum exit_status (*each)(struct client *, const char *plan, const char *file,
                                                                 const char *slot, const char *hand_in))
{
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; status == EXIT_DONE && i < client->arguments.given_count; i++) {
        const char *value = client->arguments.given[i].value, *equals = strchr(value, '=');

        if (strcmp(client->arguments.given[i].option->name, "attach") != 0)
            continue;
        if (!equals || equals == value || !equals[1] || client->arguments.word_count != 1)
            return client_usage(client, client_word(client, attach_form));
        status = each(client, plan, equals + 1, arena_copy(client->arena, value, (size_t)(equals - value)), hand_in);
    }
    return status;
}

static enum exit_status judge_attachment(struct client *client, const char *plan, const char *file, const char *slot,
                                         const char *hand_in)
{
    (void)plan;
    (void)slot;
    (void)hand_in;
    return attaching_judge(client, file);
}

static enum exit_status store_attachment(struct client *client, const char *plan, const char *file, const char *slot,
                                         const char *hand_in)
{
    return attaching_store(client, plan, file, slot, &(struct waiting_file){.hand_in = hand_in});
}

static enum exit_status submit_files(struct client *client)
{
    size_t count = client->arguments.word_count, stored = 0;
    const char **ids = arena_alloc_array(client->arena, count, sizeof *ids);
    struct outbox *outbox;
    enum exit_status status = ids ? EXIT_DONE : EXIT_USAGE, opened;
    const char *plan = plan_code(client, &opened);

    if (!plan) {
        client_say(client, not_stored);
        return opened == EXIT_UNREACHABLE ? EXIT_USAGE : opened; /* 3 would say that it is kept */
    }
    if (status == EXIT_DONE)
        status = for_attachments(client, plan, NULL, judge_attachment);
    if (status == EXIT_DONE)
        status = waiting_open(client, &outbox);
    if (status != EXIT_DONE)
        return status;
    for (size_t i = 0; i < count; i++) {
        enum exit_status one = take_in(client, outbox, plan, client->arguments.words[i], &ids[stored]);

        stored += one == EXIT_DONE;
        status = exit_worse(status, one);
    }
    if (stored == 0)
        return status;
    if (client_option(client, "attach"))
        status = exit_worse(status, for_attachments(client, plan, ids[0], store_attachment));
    status = exit_worse(status, waiting_send(client, outbox, ids, stored));
    return client_option(client, "attach") ? exit_worse(status, attaching_send(client, outbox, false)) : status;
}

/* Who attests an earlier receipt says when it was and why. */
static enum exit_status check_received(struct client *client)
{
    const char *at = client_option(client, "received-at");
    timestamp moment;

    if (!at != !client_option(client, "received-reason"))
        return client_usage(client, client_word(client, received_reason_how));
    if (at && !timestamp_parse(at, &moment))
        return client_usage(client, client_text(client, bad_moment_option, "--received-at", at));
    return EXIT_DONE;
}

static enum exit_status run(struct client *client)
{
    const char *manifest = client_option(client, "manifest"), *tokens = client_option(client, "tokens");

    if ((manifest != NULL) != (tokens != NULL) || (manifest != NULL) == (client->arguments.word_count > 0))
        return client_usage(client, client_word(client, files_or_manifest));
    if (check_received(client) != EXIT_DONE)
        return EXIT_USAGE;
    return manifest ? manifest_submit(client, manifest, tokens) : submit_files(client);
}

static const struct option options[] = {
    {"note", "TEXT", {{"對整份資料的說明", "a note on the document as a whole"}}},
    {"base", "N", {{"以第幾版為底（取代檔案所載）", "the revision it was made from, instead of what the file says"}}},
    {"form", "FORM", {{"檔案未註明時的表單", "the form, for files that do not say it"}}},
    {"office", "OFFICE", {{"檔案未註明時的機關", "the office, for files that do not say it"}}},
    {"period",
     "PERIOD",
     {{"檔案未註明時的期間，如 113 或 113Q2", "the period, for files that do not say it: 113, 113Q2"}}},
    {"event", "ID", {{"場次識別碼", "the event, for forms that have several a period"}}},
    {"on-behalf",
     NULL,
     {{"性平辦代機關報送（機關自己的權杖不可用）",
       "as the Gender Equality Office, on the office's behalf; refused for an office's own token"}}},
    {"received-at",
     "TIME",
     {{"代報：實際收件時間，如 2024-01-30T16:20:00+08:00",
       "on behalf: when it truly came, such as 2024-01-30T16:20:00+08:00"}}},
    {"received-reason", "TEXT", {{"代報：補登收件時間的事由", "on behalf: why that is attested"}}},
    {"attach", "SLOT=FILE", {{"一併附上的檔案，可重複", "a file to attach to it; may be given several times"}}},
    {"progress", NULL, {{"不在終端機上也顯示進度", "show progress even where there is no terminal"}}},
    {"manifest", "FILE", {{"依清單匯入樣本資料", "feed sample data that a manifest lists"}}},
    {"tokens", "FILE", {{"各機關的樣本權杖（搭配 --manifest）", "the offices' sample tokens, with --manifest"}}},
    {"sample-clock", "TIME", {{"樣本資料庫的收件時間", "when it is said to have come; sample databases only"}}},
    {0},
};

const struct command command_submit = {
    .name = "submit",
    .usage = "FILE…",
    .summary = {{"報送檔案並取得收據", "hand in files and get receipts"}},
    .details =
        {{"檔案先存入待送匣，斷線或當機都不會遺失；送達後收據與內容一併保存。連不上時結束狀態為 3，之後以 tributary sync 送出。",
          "Files go into the outbox first, so that no crash or lost connection loses them; once taken in, they are kept with their receipts. "
          "Exits with 3 if the server is out of reach; `tributary sync` sends them later."}},
    .options = options,
    .most_words = SIZE_MAX,
    .run = run};
