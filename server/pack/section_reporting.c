/* section_reporting.c: who reported what, and how timely. */
#include <string.h>

#include "base/decimal.h"
#include "base/json.h"
#include "obligations/obligations.h"
#include "pack/figures.h"

enum { EXPECTED, RECEIVED, ON_TIME, EXCUSED, LATE, OUTSTANDING, COUNTS, MOST_NAMED = 20, MANY_OFFICES = 8 };

static const char *const members[COUNTS] = {"expected", "received", "on_time", "excused", "late", "outstanding"};

static struct obligations_question question_of(const struct pack_making *making, int year)
{
    return (struct obligations_question){.version = making->question->version,
                                         .from_year = year,
                                         .to_year = year,
                                         .as_of = &making->question->as_of,
                                         .now = making->question->as_of};
}

/* ---- how complete and how timely, by unit ------------------------------------------------------------------------------ */

/* False: nothing is expected of the unit. */
static bool add_up(const json_t *timeliness, const char *unit, json_int_t counts[COUNTS])
{
    const json_t *one;
    size_t i;

    memset(counts, 0, COUNTS * sizeof *counts);
    json_array_foreach(timeliness, i, one)
        if (strcmp(json_text_member(one, "unit"), unit) == 0)
            for (int c = 0; c < COUNTS; c++)
                counts[c] += json_integer_value(json_object_get(one, members[c]));
    return counts[EXPECTED] > 0;
}

static const char *share_of(struct arena *arena, json_int_t part, json_int_t whole)
{
    char text[DECIMAL_TEXT_SIZE];

    return ratio_percent(decimal_from_int(part), decimal_from_int(whole), text) ? arena_text(arena, text) : NOT_KNOWN;
}

static void summary_row(const struct pack_making *making, struct paper_table *table, const struct pack_unit *unit,
                        const json_int_t counts[COUNTS])
{
    struct arena *arena = making->arena;
    const char *texts[COUNTS + 4] = {unit->name};

    for (int c = 0; c < COUNTS; c++)
        texts[1 + c] = arena_format(arena, "%d", (int)counts[c]);
    texts[COUNTS + 1] = arena_format(arena, "%d", (int)(counts[EXPECTED] - counts[RECEIVED] - counts[OUTSTANDING]));
    texts[COUNTS + 2] = share_of(arena, counts[RECEIVED], counts[EXPECTED]);
    texts[COUNTS + 3] = share_of(arena, counts[ON_TIME] + counts[EXCUSED], counts[RECEIVED] + counts[OUTSTANDING]);
    paper_row(table, unit_is_total(unit) ? PAPER_ROW_TOTAL : PAPER_ROW_PLAIN, texts);
}

static struct paper_table *summary_table(const struct pack_making *making, int year)
{
    const char *received = making_say(making, "已報", "Received"), *open = making_say(making, "未報", "Not received");
    const struct paper_column columns[] = {
        {making_say(making, "機關", "Office"), NULL, PAPER_WORDS, PAPER_AS_HELD, 0},
        {making_say(making, "應報件數", "Owed"), NULL, PAPER_NUMBER, PAPER_AS_HELD, 0},
        {making_say(making, "小計", "All"), received, PAPER_NUMBER, PAPER_AS_HELD, 0},
        {making_say(making, "準時", "On time"), received, PAPER_NUMBER, PAPER_AS_HELD, 0},
        {making_say(making, "展延內", "Extended"), received, PAPER_NUMBER, PAPER_AS_HELD, 0},
        {making_say(making, "遲報", "Late"), received, PAPER_NUMBER, PAPER_AS_HELD, 0},
        {making_say(making, "逾期", "Overdue"), open, PAPER_NUMBER, PAPER_AS_HELD, 0},
        {making_say(making, "未到期", "Not due"), open, PAPER_NUMBER, PAPER_AS_HELD, 0},
        {making_say(making, "填報率", "Received"), NULL, PAPER_RATE, PAPER_AS_HELD, 0},
        {making_say(making, "準時率", "On time"), NULL, PAPER_RATE, PAPER_AS_HELD, 0}};

    return paper_table(making->paper,
                       arena_format(making->arena,
                                    making_say(making, "%s年度填報情形統計", "How complete and how timely: %s"),
                                    year_text(making, year)),
                       columns, sizeof columns / sizeof *columns, false);
}

static void fill_summary(struct pack_making *making, int year, json_t *const answers[3])
{
    struct pack_units units = units_of(making, year, false);
    struct paper_table *table = summary_table(making, year);

    for (size_t i = 0; i < units.count; i++) {
        const struct pack_unit *unit = &units.units[i];
        json_int_t counts[COUNTS];
        const json_t *answer = answers[unit->kind == UNIT_OFFICE ? 0 : unit->kind == UNIT_GROUP ? 1 : 2];

        if (unit->kind == UNIT_HEADING)
            paper_row(table, PAPER_ROW_GROUP, &unit->name);
        else if (add_up(json_object_get(answer, "timeliness"), unit->code, counts))
            summary_row(making, table, unit, counts);
    }
    making_note(
        making, table,
        making_say(making,
                   "單位：件（各機關每一表件每一期為1件）。填報率＝已報÷應報；準時率＝（準時＋展延內）÷（已報＋逾期）。"
                   "以首次收件時間認定，其後退回補正不影響。",
                   "Counted: each office’s form for each period. Received = received ÷ owed; on time = (on time + "
                   "extended) ÷ (received + overdue), by the first receipt, whatever is returned later."));
}

static bool summarise(struct pack_making *making, int year)
{
    static const char *const levels[3] = {"office", "group", "city"};
    const struct obligations_question question = question_of(making, year);
    json_t *answers[3] = {NULL, NULL, NULL};
    enum db_status status = DB_OK;

    for (int i = 0; status == DB_OK && i < 3; i++)
        status = obligations_timeliness(making->db, &question, levels[i], making->arena, &answers[i]);
    if (status == DB_OK)
        fill_summary(making, year, answers);
    for (int i = 0; i < 3; i++)
        json_decref(answers[i]);
    return status == DB_OK || making_failed(making, status);
}

/* ---- each form of each office -------------------------------------------------------------------------------------------- */

struct matrix {
    struct pack_making *making;
    int year;
    const struct obligation *list; /* by form and period, then office */
    size_t count;
    const struct office **offices; /* its columns */
    size_t office_count;
    const char *overdue, *extended; /* what is named under the table */
    size_t overdue_count, extended_count;
};

static const char *word_of(const struct pack_making *making, const struct obligation *one)
{
    if (!one)
        return NOT_KNOWN;
    if (one->received && strcmp(one->timeliness, "late") == 0)
        return making_say(making, "遲報", "late");
    if (one->received && strcmp(one->timeliness, "excused") == 0)
        return making_say(making, "展延內", "extended");
    if (one->received)
        return making_say(making, "準時", "on time");
    if (one->due == DUE_PAST)
        return making_say(making, "逾期", "overdue");
    return one->extension ? making_say(making, "展延中", "extended") : making_say(making, "未到期", "not due");
}

static const char *period_name(const struct pack_making *making, struct period period)
{
    if (period.kind == PERIOD_QUARTER)
        return arena_format(making->arena, making_say(making, "%s年第%d季", "%s, Q%d"), year_text(making, period.year),
                            period.quarter);
    return period.kind == PERIOD_YEAR
               ? arena_format(making->arena, making_say(making, "%s年", "%s"), year_text(making, period.year))
               : making_say(making, "計畫期間", "whole plan");
}

static const char *form_name(const struct pack_making *making, const struct obligation *one)
{
    return making_name(making, &one->form->name);
}

/* Names what is overdue and what was extended, for the notes. */
static void name_one(struct matrix *matrix, const struct obligation *one)
{
    const struct pack_making *making = matrix->making;
    char iso[DATE_TEXT_SIZE];

    if (!one->received && one->due == DUE_PAST && matrix->overdue_count++ < MOST_NAMED)
        matrix->overdue = join_text(making, matrix->overdue,
                                    arena_format(making->arena, making_say(making, "%s「%s」%s", "%s: %s %s"),
                                                 making_name(making, &one->office->name), form_name(making, one),
                                                 period_name(making, one->period)));
    if (one->extension && matrix->extended_count++ < MOST_NAMED) {
        date_format_iso(one->extension->until, iso);
        matrix->extended = join_text(
            making, matrix->extended,
            arena_format(making->arena, making_say(making, "%s「%s」%s展延至%s（%s）", "%s: %s %s until %s (%s)"),
                         making_name(making, &one->office->name), form_name(making, one),
                         period_name(making, one->period), date_text(making, iso), one->extension->reason));
    }
}

/* The obligations of one form and period, from `first` on; returns behind them. */
static size_t matrix_row(struct matrix *matrix, struct paper_table *table, size_t first)
{
    const struct pack_making *making = matrix->making;
    const struct obligation *head = &matrix->list[first];
    const char *texts[PAPER_MOST_COLUMNS] = {form_name(making, head), period_name(making, head->period)};
    bool shown =
        head->planned.planned.year != 0 && calendar_due_state(&making->question->version->plan->calendar,
                                                              head->planned.moved, making->question->as_of) == DUE_PAST;
    char iso[DATE_TEXT_SIZE];
    size_t i;

    date_format_iso(head->planned.moved, iso);
    texts[2] = date_text(making, iso);
    for (size_t o = 0; o < matrix->office_count; o++)
        texts[3 + o] = NOT_KNOWN;
    for (i = first; i < matrix->count && matrix->list[i].form == head->form &&
                    memcmp(&matrix->list[i].period, &head->period, sizeof head->period) == 0;
         i++)
        for (size_t o = 0; o < matrix->office_count; o++)
            if (matrix->list[i].office == matrix->offices[o]) {
                texts[3 + o] = word_of(making, &matrix->list[i]);
                shown = shown || matrix->list[i].received;
                name_one(matrix, &matrix->list[i]);
            }
    if (shown)
        paper_row(table, PAPER_ROW_PLAIN, texts);
    return i;
}

static unsigned form_share(const struct matrix *matrix)
{
    if (matrix->office_count <= MANY_OFFICES)
        return 22;
    return matrix->making->question->language == LANGUAGE_ZH ? 32 : 26;
}

static struct paper_table *matrix_table(const struct matrix *matrix)
{
    const struct pack_making *making = matrix->making;
    struct paper_column columns[PAPER_MOST_COLUMNS] = {
        {making_say(making, "表件", "Form"), NULL, PAPER_WORDS, PAPER_AS_HELD, form_share(matrix)},
        {making_say(making, "期別", "Period"), NULL, PAPER_WORDS, PAPER_CENTRE, 13},
        {making_say(making, "期限", "Due"), NULL, PAPER_WORDS, PAPER_CENTRE,
         making->question->language == LANGUAGE_ZH ? 12 : 17}};

    for (size_t i = 0; i < matrix->office_count; i++)
        columns[3 + i] = (struct paper_column){narrow_name(making, matrix->offices[i]), NULL, PAPER_WORDS, PAPER_CENTRE,
                                               making->question->language == LANGUAGE_ZH ? 8 : 12};
    return paper_table(making->paper,
                       arena_format(making->arena,
                                    making_say(making, "%s年度各表件填報情形", "Forms of %s, one by one"),
                                    year_text(making, matrix->year)),
                       columns, 3 + matrix->office_count, matrix->office_count > MANY_OFFICES);
}

static void matrix_notes(struct matrix *matrix, struct paper_table *table)
{
    struct pack_making *making = matrix->making;

    if (matrix->overdue)
        paper_note(table,
                   arena_format(making->arena, making_say(making, "逾期未報%d件：%s%s。", "Overdue (%d): %s%s."),
                                (int)matrix->overdue_count, matrix->overdue,
                                matrix->overdue_count > MOST_NAMED ? making_say(making, "等", " and others") : ""));
    if (matrix->extended)
        paper_note(table,
                   arena_format(making->arena, making_say(making, "核准展延%d件：%s%s。", "Extended (%d): %s%s."),
                                (int)matrix->extended_count, matrix->extended,
                                matrix->extended_count > MOST_NAMED ? making_say(making, "等", " and others") : ""));
    making_note(
        making, table,
        making_say(making, "期限遇假日順延至次一工作日。尚未到期且無機關填報之表件不列。",
                   "A due date on a holiday moves to the next working day. Forms that aren’t due yet and that nobody "
                   "handed in are left out."));
}

static bool list_forms(struct pack_making *making, int year)
{
    const struct obligations_question question = question_of(making, year);
    const struct plan *plan = making->question->version->plan;
    struct matrix matrix = {.making = making,
                            .year = year,
                            .offices =
                                arena_alloc_array(making->arena, plan->office_count + 1, sizeof(struct office *))};
    struct obligation *list = NULL;
    struct pack_units units = units_of(making, year, false);
    struct paper_table *table;
    enum db_status status = obligations_list(making->db, &question, making->arena, &list, &matrix.count);

    if (status != DB_OK || !matrix.offices)
        return making_failed(making, status);
    matrix.list = list;
    for (size_t i = 0; i < units.count && matrix.office_count < PAPER_MOST_COLUMNS - 3; i++)
        if (units.units[i].kind == UNIT_OFFICE)
            matrix.offices[matrix.office_count++] = plan_office(plan, units.units[i].code);
    table = matrix_table(&matrix);
    paper_key(table, NULL, 2);
    for (size_t i = 0; i < matrix.count;)
        i = matrix_row(&matrix, table, i);
    matrix_notes(&matrix, table);
    return true;
}

bool section_reporting(struct pack_making *making)
{
    const struct plan *plan = making->question->version->plan;
    int year = making->question->year;

    paper_heading(making->paper, 1,
                  making->question->body->per == BODY_PER_OFFICE
                      ? making_say(making, "本公所填報情形", "What the office reported")
                      : making_say(making, "各區公所填報情形", "What the offices reported"));
    for (int one = year - 1; one <= year; one++)
        if (one >= plan->from && one <= plan->to && !summarise(making, one))
            return false;
    for (int one = year - 1; one <= year; one++)
        if (one >= plan->from && one <= plan->to && !list_forms(making, one))
            return false;
    return true;
}
