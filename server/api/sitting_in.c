/* sitting_in.c: 列席分配: which member of the supervision team sits in on which meeting of a year, to read and to print. */
#include "api/sitting_in.h"

#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "base/json.h"

static bool may_record(const struct request *request)
{
    return (request->principal.role & (ROLE_GEO | ROLE_SUPERVISION)) != 0;
}

bool sitting_in_find_team(struct request *request, struct db *db, struct sitting_in_question *question)
{
    question->version = find_plan(request, db, question->as_of);
    question->team = question->version ? sitting_in_team(question->version->plan) : NULL;
    if (question->version && !question->team)
        reply_problem(request, PROBLEM_unknown_body, body_kind_word(BODY_TEAM));
    return question->team != NULL;
}

/* ---- the table ----------------------------------------------------------------------------------------------------- */

static const struct tabulation_column columns[] = {
    {.code = "day", .kind = COLUMN_DATE, .heading = {{"日期", "Day"}}},
    {.code = "begins", .kind = COLUMN_CODE, .heading = {{"開始", "Begins"}}},
    {.code = "ends", .kind = COLUMN_CODE, .heading = {{"結束", "Ends"}}},
    {.code = "title", .kind = COLUMN_TEXT, .heading = {{"會議", "Meeting"}}},
    {.code = "unit_name", .kind = COLUMN_TEXT, .heading = {{"單位", "Unit"}}},
    {.code = "place", .kind = COLUMN_TEXT, .heading = {{"地點", "Place"}}},
    {.code = "sitting_in", .kind = COLUMN_TEXT, .heading = {{"列席人員", "Sitting in"}}},
    {.code = "remark", .kind = COLUMN_TEXT, .heading = {{"備註", "Remark"}}},
    {.code = "body", .kind = COLUMN_CODE, .heading = {{"小組代碼", "Body code"}}},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit code"}}},
    {.code = "meeting", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
};

/* What is printed leaves the codes out, which only programs need. */
enum { COLUMN_COUNT = sizeof columns / sizeof *columns, COLUMNS_PRINTED = COLUMN_COUNT - 3 };

static const char *words(const struct request *request, const char *zh, const char *en)
{
    return request->language == LANGUAGE_ZH ? zh : en;
}

/* "陳參事", or what they are if their name isn't to be read. */
static const char *who(const json_t *member)
{
    const char *name = json_text_member(member, "name"), *post = json_text_member(member, "post");

    return name ? name : post ? post : json_text_member(member, "member");
}

static const char *people(struct request *request, const json_t *list)
{
    const char *all = "";
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (all)
            all = arena_format(request->arena, "%s%s%s", all, *all ? words(request, "、", ", ") : "", who(one));
    return all;
}

/* What a reader must know of a meeting: nobody sits in, who is in the chair, what clashes for whom. */
static const char *remark_of(struct request *request, const json_t *meeting, const json_t *clashes)
{
    const char *id = json_text_member(meeting, "meeting"), *all = "";
    const json_t *chairs = json_object_get(meeting, "chaired_by"), *clash, *there;
    size_t i, place;

    if (json_array_size(chairs))
        all = arena_format(request->arena, "%s%s", words(request, "主席：", "chair: "), people(request, chairs));
    if (!json_array_size(json_object_get(meeting, "sitting_in")))
        all = arena_format(request->arena, "%s%s%s", all ? all : "", all && *all ? words(request, "；", "; ") : "",
                           words(request, "尚無人列席", "nobody sits in"));
    json_array_foreach(clashes, i, clash)
        json_array_foreach(json_object_get(clash, "meetings"), place, there)
            if (all && strcmp(json_string_value(there), id) == 0)
                all = arena_format(request->arena, "%s%s%s%s%s", all, *all ? words(request, "；", "; ") : "",
                                   who(clash), words(request, "：", ": "),
                                   json_text_member(json_object_get(clash, "message"), words(request, "zh", "en")));
    return all;
}

/* Words in place of lists, for a table. */
static void make_plain(struct request *request, json_t *table)
{
    json_t *meeting;
    size_t i;

    json_array_foreach(json_object_get(table, "meetings"), i, meeting) {
        json_object_set_new(meeting, "remark",
                            json_string(remark_of(request, meeting, json_object_get(table, "clashes"))));
        json_object_set_new(meeting, "sitting_in",
                            json_string(people(request, json_object_get(meeting, "sitting_in"))));
        json_object_set(meeting, "title", json_object_get(meeting, "name"));
    }
}

/* How much each member has: "甲 3；乙 2". */
static const char *loads(struct request *request, const json_t *members)
{
    const char *all = "";
    const json_t *one;
    size_t i;

    json_array_foreach(members, i, one)
        if (all)
            all = arena_format(request->arena, "%s%s%s %" JSON_INTEGER_FORMAT, all,
                               *all ? words(request, "；", "; ") : "", who(one),
                               json_integer_value(json_object_get(one, "load")));
    return all;
}

static void reply_sheet(struct request *request, const struct sitting_in_question *question, json_t *table)
{
    static const struct name title = {{"性平辦工作督導小組列席會議分配表",
                                       "Meetings that the supervision team sits in on"}},
                             load = {{"列席場次", "Meetings of each member"}},
                             uncovered = {{"尚無人列席", "Nobody sits in"}};
    char year[16];
    struct tabulation *sheet;

    period_format((struct period){PERIOD_YEAR, question->year, 0}, year);
    sheet = new_tabulation(request, question->version->plan, &title, period_words(request, year), columns,
                           request->format == FORMAT_CSV ? COLUMN_COUNT : COLUMNS_PRINTED);
    if (!sheet) {
        reply_tabulation(request, sheet);
        return;
    }
    note_tabulation(request, sheet, &load, loads(request, json_object_get(table, "members")));
    note_tabulation(request, sheet, &uncovered,
                    arena_format(request->arena, words(request, "%zu 場", "%zu"),
                                 json_array_size(json_object_get(table, "uncovered"))));
    make_plain(request, table);
    tabulate_list(request, sheet, json_object_get(table, "meetings"));
    reply_tabulation(request, sheet);
}

void sitting_in_reply(struct request *request, const struct sitting_in_question *question, int status, json_t *table)
{
    json_object_update_new(
        table, json_pack("{ss si ss so}", "plan", question->version->plan->code, "year", question->year, "team",
                         question->team->code, "may",
                         may_record(request) ? json_pack("[sss]", "give", "take_back", "propose") : json_array()));
    reply_json(request, status, json_incref(table));
}

/* False: a problem is replied. */
static bool read_year(struct request *request, struct sitting_in_question *question)
{
    const struct plan *plan = question->version->plan;
    const char *text = request_query(request, "year");
    struct period period = {PERIOD_YEAR, plan_current_year(plan, question->as_of ? *question->as_of : clock_now()), 0};

    if (text && (!period_parse(text, &period) || period.kind != PERIOD_YEAR || period.year < plan->from ||
                 period.year > plan->to)) {
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
        return false;
    }
    question->year = period.year;
    return true;
}

enum step_result get_sitting_in(struct request *request, struct db *db)
{
    struct sitting_in_question question = {0};
    timestamp moment;
    json_t *table = NULL;

    if (!read_as_of(request, &moment, &question.as_of) || !sitting_in_find_team(request, db, &question) ||
        !read_year(request, &question) || !settle(request, db, question.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = sitting_in_table(db, &question, request->arena, &table);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "sitting_in_failed");
        else if (request->format != FORMAT_JSON)
            reply_sheet(request, &question, table);
        else
            sitting_in_reply(request, &question, 200, table);
        json_decref(table);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
