/* revision_tables.c: a revision a row, a changed cell a row, and a document as its own form. */
#include "api/revision_tables.h"

#include <stdlib.h>

#include "api/common.h"
#include "api/tabular.h"
#include "base/json.h"
#include "sheet/csv.h"
#include "sheet/template.h"

static const struct tabulation_column revision_columns[] = {
    {.code = "submission", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "form_name", .kind = COLUMN_TEXT, .heading = {{"表單", "Form"}}, .for_people = true},
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "office_name", .kind = COLUMN_TEXT, .heading = {{"機關", "Office"}}, .for_people = true},
    {.code = "period", .kind = COLUMN_CODE, .heading = {{"期間", "Period"}}},
    {.code = "event", .kind = COLUMN_CODE, .heading = {{"場次", "Event"}}},
    {.code = "revision", .kind = COLUMN_INTEGER, .heading = {{"版次", "Revision"}}},
    {.code = "received_at", .kind = COLUMN_MOMENT, .heading = {{"收件時間", "Received at"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
    {.code = "review", .kind = COLUMN_CODE, .heading = {{"審查", "Review"}}},
    {.code = "stage", .kind = COLUMN_CODE, .heading = {{"審查階段", "Stage"}}},
    {.code = "reported", .kind = COLUMN_TRUTH, .heading = {{"已填報", "Reported"}}},
    {.code = "provisional", .kind = COLUMN_TRUTH, .heading = {{"暫定", "Provisional"}}},
    {.code = "on_behalf", .kind = COLUMN_TRUTH, .heading = {{"性平辦代報", "By the GEO on behalf"}}},
    {.code = "withdrawn", .kind = COLUMN_TEXT, .heading = {{"撤回原因", "Withdrawn because"}}},
    {.code = "attested.received_at", .kind = COLUMN_MOMENT, .heading = {{"補登收件時間", "Attested receipt"}}},
};

static const struct tabulation_column diff_columns[] = {
    {.code = "path", .kind = COLUMN_TEXT, .heading = {{"位置", "Place"}}},
    {.code = "change", .kind = COLUMN_CODE, .heading = {{"異動", "Change"}}},
    {.code = "before", .kind = COLUMN_TEXT, .heading = {{"前", "Before"}}},
    {.code = "after", .kind = COLUMN_TEXT, .heading = {{"後", "After"}}},
};

static const char *moment_text(struct arena *arena, timestamp moment)
{
    char text[TIMESTAMP_TEXT_SIZE];

    timestamp_format(moment, text);
    return arena_text(arena, text);
}

/* When it truly came; NULL if nobody attests that. */
static const char *attested_moment(struct arena *arena, const char *attested)
{
    json_t *json = attested_to_json(attested);
    const char *text = arena_text(arena, json_text_member(json, "received_at"));

    json_decref(json);
    return text;
}

static const char *form_name(const struct request *request, const struct plan *plan, const char *code)
{
    const struct form *form = plan ? plan_form(plan, code) : NULL;

    return form ? form->name.text[request->language] : code;
}

static const char *office_name(const struct request *request, const struct plan *plan, const char *code)
{
    const struct office *office = plan ? plan_office(plan, code) : NULL;

    return office ? office->name.text[request->language] : code;
}

struct tabulation *tabulate_revisions(struct request *request, const struct plan *plan,
                                      const struct revision *revisions, const struct progress *progress, size_t count)
{
    static const struct name title = {{"填報資料清單", "What was handed in"}};
    struct arena *arena = request->arena;
    struct tabulation *table = new_tabulation(request, plan, &title, NULL, revision_columns,
                                              sizeof revision_columns / sizeof *revision_columns);

    for (size_t i = 0; table && i < count; i++) {
        const struct revision *one = &revisions[i];

        tabulation_row(table,
                       (const char *const[]){
                           one->id, one->form, form_name(request, plan, one->form), one->office,
                           office_name(request, plan, one->office), one->period, one->event,
                           arena_format(arena, "%d", one->number), moment_text(arena, one->received_at),
                           moment_text(arena, one->recorded_at), progress_state(&progress[i], one->reported),
                           progress[i].stage, one->reported ? "true" : "false", one->provisional ? "true" : "false",
                           one->on_behalf ? "true" : "false", one->withdrawn, attested_moment(arena, one->attested)});
    }
    return table;
}

static const char *cell_text(struct arena *arena, const json_t *cell)
{
    char *dump;
    const char *text;

    if (!cell || json_is_null(cell))
        return NULL;
    if (json_is_string(cell))
        return json_string_value(cell);
    dump = json_dumps(cell, JSON_COMPACT | JSON_ENCODE_ANY);
    text = arena_text(arena, dump);
    free(dump);
    return text;
}

struct tabulation *tabulate_diff(struct request *request, const struct plan *plan, const struct revision *revision,
                                 const struct revision *against, const json_t *cells)
{
    static const struct name title = {{"兩版差異", "What changed"}}, of = {{"資料", "Document"}},
                             versions = {{"版次", "Revisions"}};
    struct arena *arena = request->arena;
    struct tabulation *table =
        new_tabulation(request, plan, &title, NULL, diff_columns, sizeof diff_columns / sizeof *diff_columns);
    const json_t *cell;
    size_t i;

    if (!table)
        return NULL;
    note_tabulation(request, table, &of,
                    arena_format(arena, "%s %s %s", form_name(request, plan, revision->form),
                                 office_name(request, plan, revision->office), revision->period));
    note_tabulation(request, table, &versions, arena_format(arena, "%d → %d", against->number, revision->number));
    json_array_foreach(cells, i, cell)
        tabulation_row(table, (const char *const[]){json_text_member(cell, "path"), json_text_member(cell, "change"),
                                                    cell_text(arena, json_object_get(cell, "before")),
                                                    cell_text(arena, json_object_get(cell, "after"))});
    return table;
}

static void reply_document_csv(struct request *request, const struct plan *plan, const json_t *document)
{
    struct buffer out = BUFFER_WITH_LIMIT(TABULATION_CSV_LIMIT);

    if (!csv_begin(&out) || !csv_write_document(plan, document, request->language, &out))
        buffer_fail(&out);
    reply_csv(request, &out);
}

void reply_document_table(struct request *request, const struct plan *plan, const struct revision *revision,
                          const json_t *document)
{
    struct template_request asked = {.plan = plan,
                                     .form = plan_form(plan, revision->form),
                                     .office = plan_office(plan, revision->office),
                                     .event = revision->event,
                                     .document = document,
                                     .sample = request->service->sample};

    if (request->format == FORMAT_CSV)
        reply_document_csv(request, plan, document);
    else if (asked.form && asked.office && period_parse(revision->period, &asked.period))
        reply_workbook(request, template_workbook(&asked, request->arena));
    else
        reply_problem(request, PROBLEM_internal, NULL);
}
