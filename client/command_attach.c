/* command_attach.c: tributary attach: files kept first, then sent and attached to a submission. */
#include <stdint.h>
#include <string.h>

#include "attaching.h"
#include "base/json.h"
#include "command.h"
#include "document_file.h"
#include "plan_cache.h"
#include "waiting.h"

enum { FILE_LIMIT = 128 * 1024 * 1024, RECEIPT_VALUES = 1000 * 1000 };

static bool looks_like_id(const char *text)
{
    return strlen(text) == 36 && strspn(text, "0123456789abcdef-") == 36 && text[8] == '-';
}

/* The newest hand-in of this machine that the person made of a file of this name; NULL if none is known. */
static const char *find_hand_in(struct outbox *outbox, const char *name)
{
    static const enum shelf shelves[] = {SHELF_OUTBOX, SHELF_RECEIPTS};

    for (size_t s = 0; s < sizeof shelves / sizeof *shelves; s++) {
        struct outbox_entry entry;
        const char **ids;
        size_t count;

        if (outbox_list(outbox, shelves[s], &ids, &count) != 0)
            continue;
        for (size_t i = count; i > 0; i--)
            if (outbox_read(outbox, shelves[s], ids[i - 1], &entry) == 0 && entry.file && strcmp(entry.file, name) == 0)
                return ids[i - 1];
    }
    return NULL;
}

/* What the first word names: a submission's id, or a file that was handed in. */
static enum exit_status read_named(struct client *client, struct outbox *outbox, const char *named,
                                   struct waiting_file *ret_target)
{
    struct document_file file;
    enum exit_status status;

    if (looks_like_id(named))
        ret_target->submission = named;
    else
        ret_target->hand_in = find_hand_in(outbox, named);
    if (ret_target->submission || ret_target->hand_in)
        return EXIT_DONE;
    status = document_file_read(client, client->arena, named, &file);
    if (status != EXIT_DONE)
        return status;
    ret_target->form = file.says.form;
    ret_target->office = file.says.office;
    ret_target->period = file.says.period;
    ret_target->event = file.says.event;
    if (!ret_target->form || !ret_target->period)
        return client_usage(client, client_text(client, attach_to_what, named));
    return EXIT_DONE;
}

/* *ret_first: the first word that is a file to be attached. */
static enum exit_status read_target(struct client *client, struct outbox *outbox, struct waiting_file *ret_target,
                                    size_t *ret_first)
{
    const char *form = client_option(client, "form"), *period = client_option(client, "period");

    *ret_target = (struct waiting_file){.form = form,
                                        .period = period,
                                        .office = client_option(client, "office"),
                                        .event = client_option(client, "event")};
    *ret_first = form || period ? 0 : 1;
    if (client->arguments.word_count <= *ret_first || (!form && period) || (form && !period))
        return client_usage(client, client_word(client, attach_how));
    return *ret_first == 0 ? EXIT_DONE : read_named(client, outbox, client->arguments.words[0], ret_target);
}

static enum exit_status run(struct client *client)
{
    const char *slot = client_option(client, "as"), *plan;
    struct waiting_file target;
    struct outbox *outbox;
    size_t first, stored = 0;
    enum exit_status status = waiting_open(client, &outbox), opened;

    if (status == EXIT_DONE && !slot)
        status = client_usage(client, client_text(client, option_needed, "--as"));
    if (status == EXIT_DONE)
        status = read_target(client, outbox, &target, &first);
    if (status != EXIT_DONE)
        return status;
    plan = plan_code(client, &opened);
    if (!plan) {
        client_say(client, not_stored);
        return opened == EXIT_UNREACHABLE ? EXIT_USAGE : opened; /* 3 would say that it is kept */
    }
    for (size_t i = first; i < client->arguments.word_count; i++) {
        enum exit_status one = attaching_store(client, plan, client->arguments.words[i], slot, &target);

        stored += one == EXIT_DONE;
        status = exit_worse(status, one);
    }
    if (stored > 0 && target.hand_in) /* which may wait itself */
        status = exit_worse(status, waiting_send(client, outbox, &target.hand_in, 1));
    return stored > 0 ? exit_worse(status, attaching_send(client, outbox, false)) : status;
}

static const struct option options[] = {
    {"as", "SLOT", {{"附件種類（tributary form 表單 可查）", "which of the form's attachments it is"}}},
    {"form", "FORM", {{"表單（不指明資料時）", "the form, instead of naming the submission"}}},
    {"period", "PERIOD", {{"期間，如 113 或 113Q2", "its period: 113, 113Q2"}}},
    {"event", "ID", {{"場次識別碼（同一期間有多場時）", "the event, where there are several"}}},
    {"office", "OFFICE", {{"機關", "the office"}}},
    {"progress", NULL, {{"不在終端機上也顯示進度", "show progress even where there is no terminal"}}},
    {"sample-clock", "TIME", {{"樣本資料庫的收件時間", "when it is said to have come; sample databases only"}}},
    {0},
};

const struct command command_attach = {
    .name = "attach",
    .usage = "[SUBMISSION|HANDED-IN-FILE] FILE… --as SLOT",
    .summary = {{"為已報送的資料附上檔案", "attach files to what was handed in"}},
    .details =
        {{"檔案先存於本機，斷線或當機都不會遺失；再次執行或 tributary sync 由中斷處接續。可收 PDF、ODT、ODS、ODP、DOCX、XLSX、PPTX、PNG、JPEG，以內容判斷。",
          "Files are kept on this machine first, so that no crash or lost connection loses them; running it again, or `tributary sync`, goes on where it stopped. "
          "PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, PNG and JPEG are taken, told by their content."}},
    .options = options,
    .least_words = 1,
    .most_words = SIZE_MAX,
    .run = run};
