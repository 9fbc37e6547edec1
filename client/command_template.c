/* command_template.c: tributary template FORM --period P: an empty form to fill in, from the server or from the plan kept
 * here. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "command.h"
#include "fetch.h"
#include "files.h"
#include "plan_cache.h"
#include "sheet/csv.h"
#include "sheet/template.h"
#include "url.h"

enum { FILE_LIMIT = 64 * 1024 * 1024, FILE_ARENA = 256 * 1024 * 1024 };

static const char *const formats[] = {"ods", "xlsx", "csv", "json"};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

/* What is to be written and where to. */
struct sheet_file {
    const char *form, *period, *office, *event, *format;
    const char *path; /* as given; NULL: named by what it is */
    const char *name; /* the name that goes with the bytes */
    const char *bytes;
    size_t length;
};

static const char *known_format(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcasecmp(formats[i], name) == 0)
            return formats[i];
    return NULL;
}

/* --format, else what the file's name ends with, else ODS. NULL: it is none of ours. */
static const char *choose_format(const struct client *client, const char *path)
{
    const char *given = client_option(client, "format"), *dot = path ? strrchr(path, '.') : NULL;

    if (given)
        return known_format(given);
    if (client->json)
        return "json";
    return dot && !strchr(dot, '/') ? known_format(dot + 1) : "ods";
}

/* ---- from the server ------------------------------------------------------------------------------------------------ */

static const char *template_path(struct client *client, const struct sheet_file *file, const char *plan)
{
    const char *plan_part = url_part(client->arena, plan), *form_part = url_part(client->arena, file->form);

    if (!plan_part || !form_part)
        return NULL;
    return url_query(
        client->arena, arena_format(client->arena, "/v1/plans/%s/forms/%s/template", plan_part, form_part),
        (const struct url_parameter[]){
            {"period", file->period}, {"office", file->office}, {"event", file->event}, {"format", file->format}},
        4);
}

static enum exit_status ask(struct client *client, struct sheet_file *file)
{
    enum exit_status status;
    const char *plan = plan_code(client, &status);
    const char *path = plan ? template_path(client, file, plan) : NULL;
    struct reply reply = {0};

    if (!plan)
        return status;
    status = path ? fetch_send(client, &(struct request){.path = path}, &reply)
                  : client_usage(client, client_word(client, out_of_memory));
    if (status != EXIT_DONE)
        return status;
    status = status_meaning(reply.status);
    if (status == EXIT_DONE) {
        file->bytes = arena_copy(client->arena, reply.body, reply.length);
        file->length = reply.length;
        file->name = arena_text(client->arena, reply.file_name);
    } else {
        json_t *json = reply_json(&reply);

        fetch_explain(client, &reply, json);
        json_decref(json);
    }
    reply_free(&reply);
    return status;
}

/* ---- from the plan kept here ---------------------------------------------------------------------------------------- */

static bool write_template(const struct template_request *request, const char *format, struct arena *arena,
                           struct buffer *out)
{
    for (int workbook = 0; workbook < WORKBOOK_FORMAT_COUNT; workbook++)
        if (strcmp(format, workbook_format_name((enum workbook_format)workbook)) == 0)
            return workbook_write(template_workbook(request, arena), (enum workbook_format)workbook, out);
    if (strcmp(format, "csv") == 0)
        return csv_begin(out) && template_write_csv(request, out);

    json_t *document = template_document(request);
    bool good = document && json_write_canonical(document, out);

    json_decref(document);
    return good;
}

static enum exit_status make(struct client *client, struct sheet_file *file, const struct cached_plan *plan)
{
    struct template_request request = {.plan = plan->plan,
                                       .form = plan_form(plan->plan, file->form),
                                       .office = file->office ? plan_office(plan->plan, file->office) : NULL,
                                       .event = file->event,
                                       .sample = plan->sample};
    struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);
    struct arena *arena;

    if (!request.form)
        return client_usage(client, client_text(client, no_such_form, file->form));
    if (!request.office)
        return client_usage(client, client_text(client, office_needed_offline, "--office"));
    if (!period_parse(file->period, &request.period) || !plan_has_period(plan->plan, request.form, request.period))
        return client_usage(client, client_text(client, bad_period, file->period));
    arena = arena_new(FILE_ARENA);
    if (arena && write_template(&request, file->format, arena, &out)) {
        file->bytes = arena_copy(client->arena, out.data, out.length);
        file->length = out.length;
        file->name = arena_format(client->arena, "%s.%s", template_file_name(&request, LANGUAGE_EN, client->arena),
                                  file->format);
    }
    buffer_free(&out);
    arena_free(arena);
    if (!file->bytes || !file->name)
        return client_usage(client, client_word(client, out_of_memory));
    client_say(client, template_from_plan);
    return EXIT_DONE;
}

/* Without the server an empty form is better than none; what it would have filled in is missing, and that is said. */
static enum exit_status make_offline(struct client *client, struct sheet_file *file)
{
    struct cached_plan plan;
    enum exit_status status = EXIT_UNREACHABLE;

    plan_if_cached(client, &plan);
    if (plan.plan)
        status = make(client, file, &plan);
    cached_plan_release(&plan);
    return status;
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static enum exit_status save(struct client *client, const struct sheet_file *file)
{
    const char *path = file->path ? file->path : file->name;
    bool replace = client_option(client, "force") != NULL;
    int error;

    if (!file->bytes || !path || !*path)
        return client_usage(client, client_word(client, out_of_memory));
    if (strcmp(path, "-") == 0 || (client->json && !file->path)) {
        if (fwrite(file->bytes, 1, file->length, stdout) == file->length && fflush(stdout) == 0)
            return EXIT_DONE;
        return client_usage(client, client_word(client, output_failed));
    }
    error = file_save(path, file->bytes, file->length, replace);
    if (error == EEXIST)
        return client_usage(client, client_text(client, file_is_there, path));
    if (error)
        return client_machine_fault(client, path, error);
    client_print(client, template_saved, path);
    client_print(client, template_next, path);
    return EXIT_DONE;
}

static enum exit_status run(struct client *client)
{
    struct sheet_file file = {.form = client->arguments.words[0],
                              .period = client_option(client, "period"),
                              .office = client_option(client, "office"),
                              .event = client_option(client, "event"),
                              .path = client_option(client, "output")};
    enum exit_status status;

    if (!file.period)
        return client_usage(client, client_text(client, option_needed, "--period"));
    file.format = choose_format(client, file.path);
    if (!file.format)
        return client_usage(client, client_word(client, bad_template_format));
    status = ask(client, &file);
    if (status == EXIT_UNREACHABLE)
        status = make_offline(client, &file);
    return status == EXIT_DONE ? save(client, &file) : status;
}

static const struct option options[] = {
    {"period", "PERIOD", {{"期間，如 113、113Q2 或 plan", "the period: 113, 113Q2 or plan"}}},
    {"office", "OFFICE", {{"機關代碼；機關的權杖可省略", "the office; a token of an office has its own"}}},
    {"event", "ID", {{"場次識別碼（更正已報送的場次時）", "the event, to correct one that was handed in"}}},
    {"output",
     "FILE",
     {{"寫入的檔案，可簡寫為 -o；「-」為標準輸出", "the file to write, in short -o; \"-\" is standard output"}}},
    {"format",
     "ods|xlsx|csv|json",
     {{"檔案格式；預設依檔名，否則為 ods", "by default what the file's name ends with, else ods"}}},
    {"force", NULL, {{"檔案已存在時覆寫", "overwrite a file that is there"}}},
    {0},
};

const struct command command_template = {
    .name = "template",
    .usage = "FORM --period PERIOD [-o FILE]",
    .summary = {{"取得可填寫的表單（ODS、XLSX、CSV）", "get a form to fill in, as ODS, XLSX, CSV"}},
    .details =
        {{"已報送或他表已有的資料會先帶入；填好後以 tributary check 檢查、tributary submit 報送。連不上伺服器時，以本機保存的計畫製作，不帶入資料。",
          "What is known already is filled in. Check it with `tributary check` and hand it in with `tributary submit`. Without the server it is made from the plan kept here, with nothing filled in."}},
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run};
