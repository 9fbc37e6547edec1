/* obligations.c: who owes what by when; completeness and timeliness by unit. */
#include "obligations/obligations.h"

#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/obligations_question.h"
#include "base/clock.h"
#include "base/json.h"
#include "sheet/csv.h"

enum { CSV_LIMIT = 64 * 1024 * 1024 };

/* Reads year; without one `whole_plan` decides: all years, or the one it is. */
static bool read_years(struct request *request, bool whole_plan, struct obligations_question *question)
{
    const char *text = request_query(request, "year");
    const struct plan *plan = question->version->plan;
    struct period year;

    if (!text) {
        question->from_year = whole_plan ? plan->from : plan_current_year(plan, question->now);
        question->to_year = whole_plan ? plan->to : question->from_year;
        return true;
    }
    if (!period_parse(text, &year) || year.kind != PERIOD_YEAR || year.year < plan->from || year.year > plan->to) {
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
        return false;
    }
    question->from_year = question->to_year = year.year;
    return true;
}

bool read_obligations_question(struct request *request, struct db *db, bool whole_plan, struct asked_obligations *asked)
{
    struct obligations_question *question = &asked->question;
    const char *form = request_query(request, "form"), *office = request_query(request, "office");

    *asked = (struct asked_obligations){0};
    if (!read_as_of(request, &asked->as_of, &question->as_of))
        return false;
    question->now = question->as_of ? asked->as_of : clock_now();
    question->version = find_plan(request, db, question->as_of);
    if (!question->version || !read_years(request, whole_plan, question))
        return false;
    question->form = form ? plan_form(question->version->plan, form) : NULL;
    if (form && !question->form) {
        reply_bad_parameter(request, "form", form);
        return false;
    }
    if (office && !plan_office(question->version->plan, office)) {
        reply_bad_parameter(request, "office", office);
        return false;
    }
    if (office && request->principal.role == ROLE_OFFICE && strcmp(office, request->principal.office) != 0) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    question->office = office;
    return settle(request, db, question->as_of);
}

static const char *member_text(const struct request *request, const json_t *row, const char *column)
{
    const char *dot = strchr(column, '.');
    const json_t *holder = dot ? json_object_get(row, arena_copy(request->arena, column, (size_t)(dot - column))) : row;
    const char *key = dot ? dot + 1 : column;
    const json_t *value = json_object_get(holder, key);

    if (json_is_object(value))
        return json_text_member(value, request->language == LANGUAGE_ZH ? "zh" : "en");
    if (json_is_array(value))
        return json_list_text(request->arena, value);
    return json_cell_text(request->arena, value);
}

/* One row for each member of the list; a column is a member, a member's member ("extension.until"), or a name. */
static enum step_result reply_rows_csv(struct request *request, const json_t *list, const char *const *columns,
                                       size_t count)
{
    struct buffer out = BUFFER_WITH_LIMIT(CSV_LIMIT);
    const char **cells = arena_alloc_array(request->arena, count, sizeof *cells);
    const json_t *row;
    size_t i;

    csv_begin(&out);
    csv_row(&out, columns, count);
    json_array_foreach(list, i, row) {
        for (size_t c = 0; cells && c < count; c++)
            cells[c] = member_text(request, row, columns[c]);
        if (cells)
            csv_row(&out, cells, count);
    }
    return reply_csv(request, &out);
}

enum step_result get_obligations(struct request *request, struct db *db)
{
    static const char *const columns[] = {"office",
                                          "name",
                                          "form",
                                          "form_name",
                                          "period",
                                          "due",
                                          "due_date",
                                          "planned_date",
                                          "due_at",
                                          "hard",
                                          "extension.until",
                                          "extension.reason",
                                          "extension.granted_by",
                                          "timeliness",
                                          "review",
                                          "stage",
                                          "submission",
                                          "revision",
                                          "first_received_at",
                                          "provisional",
                                          "events.reported",
                                          "events.expected",
                                          "missing_attachments"};
    struct asked_obligations asked;
    struct obligation *obligations;
    size_t count;

    if (!read_obligations_question(request, db, false, &asked))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = obligations_list(db, &asked.question, request->arena, &obligations, &count);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "obligations_failed");
        } else {
            json_t *json = obligations_to_json(&asked.question, obligations, count);

            if (request->format == FORMAT_CSV)
                reply_rows_csv(request, json_object_get(json, "obligations"), columns,
                               sizeof columns / sizeof *columns);
            else
                reply_json(request, 200, json_incref(json));
            json_decref(json);
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_timeliness(struct request *request, struct db *db)
{
    static const char *const levels[] = {"office", "group", "city", NULL};
    static const char *const columns[] = {"unit",   "name",     "year",        "form",          "form_name",
                                          "period", "due_date", "expected",    "received",      "on_time",
                                          "late",   "excused",  "outstanding", "received_rate", "on_time_rate"};
    const char *by = request_query(request, "by");
    struct asked_obligations asked;
    json_t *json = NULL;

    if (!by)
        by = "city";
    if (!is_one_of(by, levels))
        return reply_bad_parameter(request, "by", "office, group, city");
    if (!read_obligations_question(request, db, true, &asked))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = obligations_timeliness(db, &asked.question, by, request->arena, &json);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "timeliness_failed");
        else if (request->format == FORMAT_CSV)
            reply_rows_csv(request, json_object_get(json, "timeliness"), columns, sizeof columns / sizeof *columns);
        else
            reply_json(request, 200, json_incref(json));
        json_decref(json);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
