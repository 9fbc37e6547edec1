/* command_check.c: tributary check FILE…: every mistake of a file, found here by the same code as the server's. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "annotated_file.h"
#include "base/json.h"
#include "command.h"
#include "document_file.h"
#include "fetch.h"
#include "findings_view.h"
#include "naming.h"
#include "plan_cache.h"
#include "submission.h"
#include "url.h"

enum { CHECK_LIMIT = 512 * 1024 * 1024 };

static bool has_code(const json_t *findings, enum finding_code code)
{
    const json_t *finding;
    size_t i;

    json_array_foreach(findings, i, finding) {
        const char *text = json_text_member(finding, "code");

        if (text && finding_code_parse(text) == code)
            return true;
    }
    return false;
}

/* What to do now. */
static void show_next(struct client *client, const struct document_file *file, const json_t *findings)
{
    if (!findings_refuse(findings))
        client_print(client, check_next, file->name);
    else if (has_code(findings, FINDING_identity_missing))
        client_print(client, identity_next);
    else if (file->kind != DOCUMENT_JSON && !client_option(client, "annotate"))
        client_print(client, annotate_next, file->name);
    if (client_option(client, "annotate") && !client_option(client, "online"))
        client_print(client, annotate_online);
}

/* Shows a file's findings and gives its verdict. */
static enum exit_status show(struct client *client, const struct document_file *file, const struct plan *plan,
                             const char *form, const json_t *findings)
{
    bool refused = findings_refuse(findings);

    if (!client->json) {
        if (refused)
            client_print(client, check_refused, file->name, findings_summary(client, findings));
        else
            client_print(client, check_passed, file->name, findings_summary(client, findings));
        findings_show(client, plan, form, findings);
        show_next(client, file, findings);
    }

    enum exit_status status = refused ? EXIT_REFUSED : EXIT_DONE;
    const char *annotated = client_option(client, "annotate");

    return annotated ? exit_worse(status, annotated_file_write(client, file, findings, annotated)) : status;
}

static enum exit_status check_here(struct client *client, struct arena *arena, const struct document_file *file,
                                   const struct identity *given, const struct plan *plan)
{
    struct findings findings = FINDINGS_IN(arena);
    struct document *document;
    enum exit_status status = document_file_judge(client, file, plan, given, &findings, &document);

    if (status != EXIT_DONE)
        return status;

    json_t *list = findings_to_json(&findings, client->language);

    if (list && client->json) {
        json_t *answer = json_pack("{ss sO}", "file", file->name, "findings", list);

        client_print_json(answer);
        json_decref(answer);
    }
    status = list ? show(client, file, plan, document ? document->form->code : file->says.form, list) : EXIT_USAGE;
    json_decref(list);
    document_release(document);
    return status;
}

/* The server judges against what it holds and stores nothing. */
static enum exit_status check_there(struct client *client, const struct document_file *file,
                                    const struct identity *given, const struct plan *plan)
{
    const char *path = submission_path(client, plan->code, given);
    struct request request = {.body = file->bytes, .body_length = file->length, .content_type = file->content_type};
    struct reply reply;

    request.path = path ? arena_format(client->arena, "%s%sdry_run=true", path, strchr(path, '?') ? "&" : "?") : NULL;

    enum exit_status status = request.path ? fetch_send(client, &request, &reply) : EXIT_USAGE;

    if (status != EXIT_DONE)
        return status;

    json_t *json = reply_json(&reply);
    const json_t *findings = json_object_get(json, "findings");

    if (client->json && json)
        printf("%s\n", reply.body);
    status = status_meaning(reply.status);
    if (json_is_array(findings) && status <= EXIT_REFUSED) {
        status = show(client, file, plan, file->says.form, findings);
    } else {
        fetch_explain(client, &reply, json);
        if (status == EXIT_DONE)
            status = EXIT_SERVER_FAULT;
    }
    json_decref(json);
    reply_free(&reply);
    return status;
}

static enum exit_status check_file(struct client *client, const char *name, const struct plan *plan)
{
    struct arena *arena = arena_new(CHECK_LIMIT);
    struct document_file file;
    struct identity given, beside;
    enum exit_status status = EXIT_USAGE;

    if (!arena)
        return client_usage(client, client_word(client, out_of_memory));
    if (!document_file_options(client, &given))
        goto done;
    status = document_file_read(client, arena, name, &file);
    if (status == EXIT_DONE)
        status = document_file_complete(client, arena, &file, &given, NULL);
    if (status != EXIT_DONE)
        goto done;
    beside = document_file_beside(&file, &given);
    status = client_option(client, "online") ? check_there(client, &file, &beside, plan)
                                             : check_here(client, arena, &file, &beside, plan);
done:
    arena_free(arena);
    return status;
}

static enum exit_status run(struct client *client)
{
    struct cached_plan plan;
    enum exit_status status = annotated_file_allowed(client);

    if (status != EXIT_DONE)
        return status;
    status = client_option(client, "online") ? plan_current(client, &plan) : plan_cached(client, &plan);

    if (status != EXIT_DONE)
        return status;
    for (size_t i = 0; i < client->arguments.word_count; i++) {
        if (i > 0 && !client->json)
            puts("");
        status = exit_worse(status, check_file(client, client->arguments.words[i], plan.plan));
    }
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"online",
     NULL,
     {{"由伺服器檢核（不收件），含跨表檢核與退回的欄位",
       "let the server judge, across forms and by what was returned too; it stores nothing"}}},
    {"annotate",
     "OUT",
     {{"另存一份檔案，有問題的儲存格上色並附註解（ODS、XLSX；CSV 則加註解列）",
       "write the file again with each faulty cell coloured and commented (ODS, XLSX; comment lines in CSV)"}}},
    {"force", NULL, {{"OUT 已存在時予以覆寫", "overwrite OUT if it is there"}}},
    {"form", "FORM", {{"檔案未註明時的表單", "the form, for files that do not say it"}}},
    {"office", "OFFICE", {{"檔案未註明時的機關", "the office, for files that do not say it"}}},
    {"period",
     "PERIOD",
     {{"檔案未註明時的期間，如 113 或 113Q2", "the period, for files that do not say it: 113, 113Q2"}}},
    {"event", "ID", {{"場次識別碼", "the event, for forms that have several a period"}}},
    {"base", "N", {{"以第幾版為底", "the revision it was made from"}}},
    {0},
};

const struct command command_check = {
    .name = "check",
    .usage = "FILE…",
    .summary = {{"檢核檔案，一次列出所有問題（可離線）", "find every mistake in files, without the server"}},
    .details =
        {{"以本機保存的計畫檢核 ODS、XLSX、CSV 或 JSON，規則與伺服器相同。有錯誤時結束狀態為 1。",
          "Judges ODS, XLSX, CSV or JSON files by the plan kept on this machine, with the server's own rules. Exits with 1 if there is an error."}},
    .options = options,
    .least_words = 1,
    .most_words = SIZE_MAX,
    .run = run};
