/* section_reviews.c: how far the review has come of what passes the body on its way: annual reports, budgets, records. */
#include <string.h>

#include "base/json.h"
#include "obligations/obligations.h"
#include "pack/figures.h"

enum { MOST_COLUMNS = 12 };

/* A form for a period: a column. */
struct passing {
    const struct form *form;
    struct period period;
};

struct reviews {
    struct pack_making *making;
    const struct stage *stage; /* at which the body, or the one it reports to, decides */
    struct obligation *list;
    size_t count;
    struct passing columns[MOST_COLUMNS];
    size_t column_count;
};

static const struct stage *stage_of(const struct plan *plan, const struct body *body)
{
    for (size_t step = 0; body && step < plan->bodies->body_count; step++, body = body->refers_to)
        if (body->stage)
            return body->stage;
    return NULL;
}

static bool passes(const struct form *form, const struct stage *stage)
{
    for (size_t i = 0; i < form->stage_count; i++)
        if (form->stages[i].stage == stage)
            return true;
    return false;
}

static bool is_column(const struct passing *passing, const struct obligation *one)
{
    return passing->form == one->form && memcmp(&passing->period, &one->period, sizeof one->period) == 0;
}

static bool is_covered(const struct reviews *reviews, const struct obligation *one)
{
    return passes(one->form, reviews->stage) && making_covers(reviews->making, one->office);
}

/* Forms that were received of somebody, or are due. */
static void find_columns(struct reviews *reviews)
{
    for (size_t i = 0; i < reviews->count; i++) {
        const struct obligation *one = &reviews->list[i];
        bool known = !is_covered(reviews, one) || !(one->received || one->due == DUE_PAST);

        for (size_t c = 0; c < reviews->column_count; c++)
            known = known || is_column(&reviews->columns[c], one);
        if (!known && reviews->column_count < MOST_COLUMNS)
            reviews->columns[reviews->column_count++] = (struct passing){one->form, one->period};
    }
}

static const char *stage_name(const struct pack_making *making, const char *code)
{
    const struct plan *plan = making->question->version->plan;

    for (size_t i = 0; code && i < plan->stage_count; i++)
        if (strcmp(plan->stages[i].code, code) == 0)
            return making_name(making, &plan->stages[i].name);
    return NULL;
}

static const char *state_word(const struct pack_making *making, const char *state)
{
    static const struct {
        const char *state, *zh, *en;
    } words[] = {{"not_received", "未收件", "not received"},
                 {"received", "已收件", "received"},
                 {"returned", "退回補正", "returned"},
                 {"accepted", "審查中", "under review"},
                 {"official", "已核定", "official"}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].state, state) == 0)
            return making_say(making, words[i].zh, words[i].en);
    return state;
}

/* "已核定，待性別平等會" */
static const char *state_text(const struct pack_making *making, const struct obligation *one)
{
    const char *word = state_word(making, one->review.state), *next = stage_name(making, one->review.next_stage);

    if (next)
        return arena_format(making->arena, making_say(making, "%s\n待%s", "%s,\nnext: %s"), word, next);
    return strcmp(one->review.state, "official") == 0 || strcmp(one->review.state, "accepted") == 0
               ? arena_format(making->arena, making_say(making, "%s\n審查完竣", "%s,\nreviewed"), word)
               : word;
}

static struct paper_table *reviews_table(const struct reviews *reviews)
{
    const struct pack_making *making = reviews->making;
    struct paper_column columns[1 + MOST_COLUMNS] = {
        {making_say(making, "機關", "Office"), NULL, PAPER_WORDS, PAPER_AS_HELD, 12}};

    for (size_t c = 0; c < reviews->column_count; c++) {
        const struct passing *passing = &reviews->columns[c];

        columns[1 + c] = (struct paper_column){arena_format(making->arena, making_say(making, "%s年%s", "%2$s, %1$s"),
                                                            passing->period.kind == PERIOD_PLAN
                                                                ? making_say(making, "計畫期間", "whole plan")
                                                                : year_text(making, passing->period.year),
                                                            making_name(making, &passing->form->name)),
                                               NULL, PAPER_WORDS, PAPER_CENTRE, 18};
    }
    return paper_table(making->paper, making_say(making, "各機關表件審查情形", "How far the reviews have come"),
                       columns, 1 + reviews->column_count, reviews->column_count > 3);
}

static void reviews_row(const struct reviews *reviews, struct paper_table *table, const struct pack_unit *unit)
{
    const struct pack_making *making = reviews->making;
    const char *texts[1 + MOST_COLUMNS] = {unit->name};

    for (size_t c = 0; c < reviews->column_count; c++) {
        texts[1 + c] = NOT_KNOWN;
        for (size_t i = 0; i < reviews->count; i++)
            if (is_column(&reviews->columns[c], &reviews->list[i]) &&
                strcmp(reviews->list[i].office->code, unit->code) == 0)
                texts[1 + c] = state_text(making, &reviews->list[i]);
    }
    paper_row(table, PAPER_ROW_PLAIN, texts);
}

static bool is_returned(const struct reviews *reviews, const struct obligation *one)
{
    return is_covered(reviews, one) && strcmp(one->review.state, "returned") == 0 && one->review.ticket;
}

static void tell_matrix(struct reviews *reviews)
{
    struct pack_making *making = reviews->making;
    struct pack_units units = units_of(making, making->question->year, false);
    struct paper_table *table = reviews_table(reviews);
    bool any_returned = false;

    for (size_t i = 0; i < units.count; i++) {
        if (units.units[i].kind == UNIT_HEADING)
            paper_row(table, PAPER_ROW_GROUP, &units.units[i].name);
        else if (units.units[i].kind == UNIT_OFFICE)
            reviews_row(reviews, table, &units.units[i]);
    }
    for (size_t i = 0; i < reviews->count; i++)
        any_returned = any_returned || is_returned(reviews, &reviews->list[i]);
    if (!any_returned)
        paper_note(table, making_say(making, "退回補正中之表件：無。", "Nothing stands returned."));
    making_note(
        making, table,
        making_say(
            making, "「待」之後為下一審查關卡；「已核定」為已通過使其成為正式版本之關卡。會議紀錄以最近一次者計。",
            "After “next”: whose turn it is. “Official”: it passed the stage that makes it so. Of records of meetings, "
            "the newest."));
}

/* ---- what was returned ------------------------------------------------------------------------------------------------- */

static void returned_row(const struct reviews *reviews, struct paper_table **table, const struct obligation *one)
{
    struct pack_making *making = reviews->making;
    json_t *ticket = json_loads(one->review.ticket, 0, NULL);
    const struct paper_column columns[] = {
        {making_say(making, "機關", "Office"), NULL, PAPER_WORDS, PAPER_AS_HELD, 12},
        {making_say(making, "表件", "Form"), NULL, PAPER_WORDS, PAPER_AS_HELD, 20},
        {making_say(making, "年度", "Year"), NULL, PAPER_WORDS, PAPER_CENTRE, 6},
        {making_say(making, "退回關卡", "Returned by"), NULL, PAPER_WORDS, PAPER_AS_HELD, 14},
        {making_say(making, "退回欄位數", "Cells"), NULL, PAPER_NUMBER, PAPER_AS_HELD, 8},
        {making_say(making, "理由", "Reason"), NULL, PAPER_WORDS, PAPER_AS_HELD, 30}};
    const char *stage = stage_name(making, json_text_member(ticket, "stage")),
               *reason = json_text_member(ticket, "reason");

    if (!*table) {
        *table = paper_table(making->paper, making_say(making, "退回補正中之表件", "Returned and not yet corrected"),
                             columns, sizeof columns / sizeof *columns, false);
        paper_key(*table, NULL, 3);
    }
    paper_row(*table, PAPER_ROW_PLAIN,
              (const char *[]){making_name(making, &one->office->name), making_name(making, &one->form->name),
                               one->period.kind == PERIOD_PLAN ? NOT_KNOWN : year_text(making, one->period.year),
                               stage ? stage : NOT_KNOWN,
                               arena_format(making->arena, "%zu", json_array_size(json_object_get(ticket, "cells"))),
                               arena_text(making->arena, reason ? reason : "")});
    json_decref(ticket);
}

static void tell_returned(struct reviews *reviews)
{
    struct paper_table *table = NULL;

    for (size_t i = 0; i < reviews->count; i++)
        if (is_returned(reviews, &reviews->list[i]))
            returned_row(reviews, &table, &reviews->list[i]);
    if (table)
        making_note(reviews->making, table, NULL);
}

/* ---- the section ---------------------------------------------------------------------------------------------------- */

bool section_reviews(struct pack_making *making)
{
    const struct pack_question *question = making->question;
    const struct plan *plan = question->version->plan;
    struct reviews reviews = {.making = making, .stage = stage_of(plan, question->body)};
    const struct obligations_question asked = {.version = question->version,
                                               .from_year =
                                                   question->year > plan->from ? question->year - 1 : plan->from,
                                               .to_year = question->year < plan->to ? question->year : plan->to,
                                               .as_of = &question->as_of,
                                               .now = question->as_of};
    enum db_status status = DB_OK;

    if (!reviews.stage)
        return true;
    paper_heading(making->paper, 1,
                  making_say(making, "成果報告及各表件審查情形", "Reviews of annual reports and other forms"));
    status = obligations_list(making->db, &asked, making->arena, &reviews.list, &reviews.count);
    if (status != DB_OK)
        return making_failed(making, status);
    find_columns(&reviews);
    if (reviews.column_count == 0) {
        say_nothing(making, making_say(making, "本期無：尚無應送審且已到期或已收件之表件。",
                                       "Nothing this time: nothing that passes this body is received or due."));
        return true;
    }
    tell_matrix(&reviews);
    tell_returned(&reviews);
    return true;
}
