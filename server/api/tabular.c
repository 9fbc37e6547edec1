/* tabular.c: one table, three formats. */
#include "api/tabular.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"

enum { WORKBOOK_LIMIT = 64 * 1024 * 1024 };

const char *sample_label(const struct request *request)
{
    static const char *const words[] = {"合成樣本資料，並非實際統計", "Synthetic sample data, not real figures"};

    return request->service->sample ? words[request->language] : NULL;
}

const char *period_words(const struct request *request, const char *period)
{
    bool chinese = request->language == LANGUAGE_ZH;
    struct period read;

    if (!period || !period_parse(period, &read) || read.kind == PERIOD_PLAN)
        return period;
    if (read.kind == PERIOD_YEAR)
        return arena_format(request->arena, chinese ? "%d年度" : "ROC %d", read.year);
    return arena_format(request->arena, chinese ? "%d年第%d季" : "ROC %d Q%d", read.year, read.quarter);
}

void note_tabulation(const struct request *request, struct tabulation *tabulation, const struct name *label,
                     const char *text)
{
    tabulation_note(tabulation, label->text[request->language], text);
}

static const struct name made_at = {{"製表時間", "Made at"}};

struct tabulation *new_tabulation(struct request *request, const struct plan *plan, const struct name *title,
                                  const char *of, const struct tabulation_column *columns, size_t column_count)
{
    static const struct name of_plan = {{"計畫", "Plan"}};
    struct tabulation *table = tabulation_in(request->arena, columns, column_count);
    char moment[TIMESTAMP_TEXT_SIZE];

    if (!table)
        return NULL;
    timestamp_format(clock_now(), moment);
    table->title = arena_format(request->arena, "%s%s%s", title->text[request->language], of ? "　" : "", of ? of : "");
    table->warning = sample_label(request);
    if (plan)
        note_tabulation(request, table, &of_plan, plan->name.text[request->language]);
    note_tabulation(request, table, &made_at, tabulation_moment(request->arena, moment, request->language));
    return table;
}

static const char *member_text(const struct request *request, const json_t *row, const char *column)
{
    const char *dot = strchr(column, '.');
    const json_t *holder = dot ? json_object_get(row, arena_copy(request->arena, column, (size_t)(dot - column))) : row;
    const json_t *value = json_object_get(holder, dot ? dot + 1 : column);

    if (json_is_object(value))
        return json_text_member(value, request->language == LANGUAGE_ZH ? "zh" : "en");
    if (json_is_array(value))
        return json_list_text(request->arena, value);
    return json_cell_text(request->arena, value);
}

void tabulate_list(struct request *request, struct tabulation *tabulation, const json_t *list)
{
    const char **texts = tabulation ? arena_alloc_array(request->arena, tabulation->column_count, sizeof *texts) : NULL;
    const json_t *row;
    size_t i;

    if (tabulation && !texts)
        tabulation->refused = true;
    if (!texts)
        return;
    json_array_foreach(list, i, row) {
        for (size_t c = 0; c < tabulation->column_count; c++)
            texts[c] = member_text(request, row, tabulation->columns[c].code);
        tabulation_row(tabulation, texts);
    }
}

enum step_result reply_workbook(struct request *request, const struct workbook *workbook)
{
    enum workbook_format format = request->format == FORMAT_ODS ? WORKBOOK_ODS : WORKBOOK_XLSX;
    struct buffer out = BUFFER_WITH_LIMIT(WORKBOOK_LIMIT);
    size_t length;
    char *body = workbook && workbook_write(workbook, format, &out) ? buffer_take(&out, &length) : NULL;

    buffer_free(&out);
    if (!body)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_bytes(request, 200, workbook_media_type(format), body, length);
}

/* A weak entity tag of what a workbook says: its bytes hold when it was made, so they differ each time. */
static void tag_workbook(struct request *request, const struct tabulation *tabulation)
{
    struct buffer said = BUFFER_WITH_LIMIT(TABULATION_CSV_LIMIT);
    char hex[DIGEST_TEXT_SIZE];

    buffer_append_format(&said, "%d %d %s %s\n", (int)request->format, (int)request->language,
                         tabulation->title ? tabulation->title : "", tabulation->warning ? tabulation->warning : "");
    for (size_t i = 0; i < tabulation->note_count; i++)
        if (strcmp(tabulation->notes[i].label, made_at.text[request->language]) != 0)
            buffer_append_format(&said, "%s %s\n", tabulation->notes[i].label, tabulation->notes[i].text);
    if (tabulation_write_csv(tabulation, &said) && !said.failed) {
        struct digest digest = digest_of(said.data, said.length);

        digest_format(&digest, hex);
        snprintf(request->reply.etag, sizeof request->reply.etag, "W/\"%.32s\"", hex);
    }
    buffer_free(&said);
}

enum step_result reply_tabulation(struct request *request, struct tabulation *tabulation)
{
    struct buffer out = BUFFER_WITH_LIMIT(TABULATION_CSV_LIMIT);

    if (request->format != FORMAT_CSV) {
        reply_workbook(request, tabulation_to_workbook(tabulation, request->language));
        if (tabulation && request->reply.status == 200)
            tag_workbook(request, tabulation);
        return STEP_DONE;
    }
    if (!tabulation_write_csv(tabulation, &out))
        buffer_fail(&out);
    return reply_csv(request, &out);
}
