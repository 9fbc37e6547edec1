/* parts_words.c: a plan's table of what the offices wrote. */
#include <string.h>

#include "base/json.h"
#include "pack/parts.h"
#include "revisions/rows.h"

/* ---- cells -------------------------------------------------------------------------------------------------------- */

static const char *code_text(const struct pack_making *making, const struct item *item, const char *code)
{
    const struct code_entry *entry = item->codes ? code_list_entry(item->codes, code) : NULL;

    return entry ? making_name(making, &entry->name) : arena_text(making->arena, code);
}

static const char *state_text(const struct pack_making *making, const json_t *cell)
{
    if (json_object_get(cell, "not_applicable"))
        return making_say(making, "不適用", "n/a");
    return json_object_get(cell, "not_yet") ? making_say(making, "尚未確定", "not yet known") : "";
}

static const char *list_text(const struct pack_making *making, const struct item *item, const json_t *cell)
{
    const char *text = NULL;
    const json_t *one;
    size_t i;

    json_array_foreach(cell, i, one)
        text = join_text(making, text, code_text(making, item, json_string_value(one)));
    return text ? text : "";
}

const char *item_text(const struct pack_making *making, const struct item *item, const json_t *cell)
{
    if (json_is_boolean(cell))
        return json_is_true(cell) ? making_say(making, "是", "yes") : making_say(making, "否", "no");
    if (json_is_object(cell))
        return state_text(making, cell);
    if (json_is_array(cell))
        return list_text(making, item, cell);
    if (json_is_integer(cell))
        return figure_text(making, cell);
    if (!json_is_string(cell))
        return "";
    if (item->type == ITEM_DATE)
        return date_text(making, json_string_value(cell));
    return item->codes ? code_text(making, item, json_string_value(cell))
                       : arena_text(making->arena, json_string_value(cell));
}

/* ---- what is out of the ordinary ----------------------------------------------------------------------------------------- */

static bool cell_decimal(const json_t *row, const struct item *item, struct decimal *ret_value)
{
    const json_t *cell = json_object_get(row, item->code);

    if (json_is_integer(cell)) {
        *ret_value = decimal_from_int(json_integer_value(cell));
        return true;
    }
    return json_is_string(cell) && decimal_parse(json_string_value(cell), ret_value);
}

/* The rule's numerator and denominator in a row. */
static bool both_sides(const struct pack_exception *only, const json_t *row, struct decimal *ret_part,
                       struct decimal *ret_whole)
{
    return only->ratio && only->ratio->part_count > 0 && cell_decimal(row, only->ratio->parts[0], ret_part) &&
           cell_decimal(row, only->ratio->other, ret_whole);
}

/* Below the lower bound, or above the upper one: above it is what meets it and yet isn't it. */
static bool is_out_of_bounds(const struct pack_exception *only, const json_t *row)
{
    struct decimal part, whole, less;
    bool low = false, high = false, high_less = false;

    if (!both_sides(only, row, &part, &whole) || whole.coefficient <= 0)
        return false;
    less = part; /* the next smaller number that money can be */
    if (!decimal_add(part, decimal_from_int(-1), &less) || less.coefficient < 0)
        less = decimal_from_int(0);
    ratio_meets(part, whole, only->ratio->low, &low);
    ratio_meets(part, whole, only->ratio->high, &high);
    ratio_meets(less, whole, only->ratio->high, &high_less);
    return !low || (high && high_less);
}

static bool says(const json_t *cell, const char *word)
{
    const char *found = json_is_boolean(cell) ? (json_is_true(cell) ? "true" : "false") : json_string_value(cell);

    return found && strcmp(found, word) == 0;
}

static bool is_shown(const struct pack_exception *only, const json_t *row)
{
    if (!only->ratio && !only->column)
        return true;
    return (only->ratio && is_out_of_bounds(only, row)) ||
           (only->column && says(json_object_get(row, only->column->code), only->equals));
}

/* ---- the table ---------------------------------------------------------------------------------------------------- */

static const char *ratio_text(const struct pack_making *making, const struct pack_exception *only, const json_t *row)
{
    struct decimal part, whole;
    char text[DECIMAL_TEXT_SIZE];

    return both_sides(only, row, &part, &whole) && ratio_percent(part, whole, text) ? arena_text(making->arena, text)
                                                                                    : NOT_KNOWN;
}

/* The column's heading; money says of itself that it is. */
static const char *column_name(const struct pack_making *making, const struct pack_column *column)
{
    const char *name = making_name(making, &column->name), *money = making_say(making, "元", "NT$");

    if (!name && !column->item)
        return "";
    name = name ? name : making_name(making, &column->item->name);
    if (!column->item || column->item->type != ITEM_MONEY || strstr(name, money))
        return name;
    return arena_format(making->arena, making_say(making, "%s（%s）", "%s (%s)"), name, money);
}

static struct paper_table *new_table(const struct pack_making *making, const struct pack_table *table, int year)
{
    struct paper_column columns[1 + PACK_MOST_COLUMNS] = {{making_say(making, "機關", "Office"), NULL, PAPER_WORDS,
                                                           PAPER_AS_HELD,
                                                           making->question->language == LANGUAGE_ZH ? 13 : 18}};

    for (size_t i = 0; i < table->column_count; i++) {
        const struct pack_column *column = &table->columns[i];

        columns[1 + i] =
            (struct paper_column){column_name(making, column), making_name(making, &column->group),
                                  column->ratio                  ? PAPER_RATE
                                  : item_is_number(column->item) ? PAPER_NUMBER
                                                                 : PAPER_WORDS,
                                  column->item && column->item->type == ITEM_BOOLEAN ? PAPER_CENTRE : PAPER_AS_HELD, 0};
    }
    struct paper_table *paper = paper_table(making->paper, part_title(making, table, year), columns,
                                            1 + table->column_count, part_is_wide(making, table));

    paper_key(paper, NULL, 2);
    return paper;
}

static void add_row(const struct pack_making *making, const struct pack_table *table, struct paper_table *paper,
                    const struct office *office, const json_t *row)
{
    const char *texts[1 + PACK_MOST_COLUMNS] = {making_name(making, &office->name)};

    for (size_t i = 0; i < table->column_count; i++) {
        const struct pack_column *column = &table->columns[i];

        texts[1 + i] = column->ratio ? ratio_text(making, &table->only, row)
                                     : item_text(making, column->item, json_object_get(row, column->item->code));
    }
    paper_row(paper, PAPER_ROW_PLAIN, texts);
}

/* The rows of one office; how many are shown. */
static size_t tell_office(struct pack_making *making, const struct pack_table *table, struct paper_table **paper,
                          int year, const struct office *office, const json_t *list, bool *reported)
{
    const json_t *one, *row;
    size_t i, r, shown = 0;

    json_array_foreach(list, i, one) {
        if (strcmp(json_text_member(one, "office"), office->code) != 0)
            continue;
        *reported = true;
        making_source(making, "revision", json_text_member(one, "submission"),
                      json_pack("{ss ss sO sO}", "office", office->code, "form", table->form->code, "period",
                                json_object_get(one, "period"), "number", json_object_get(one, "revision")));
        json_array_foreach(json_object_get(one, "rows"), r, row) {
            if (!is_shown(&table->only, row))
                continue;
            if (!*paper)
                *paper = new_table(making, table, year);
            add_row(making, table, *paper, office, row);
            shown++;
        }
    }
    return shown;
}

/* The offices of the pack in the order of its units. */
static void tell_offices(struct pack_making *making, const struct pack_table *table, int year, const json_t *list)
{
    struct pack_units units = units_of(making, year, false);
    struct paper_table *paper = NULL;
    const char *silent = NULL, *coverage;
    size_t reported = 0, expected = 0, shown = 0;

    for (size_t i = 0; i < units.count; i++) {
        const struct office *office = units.units[i].kind == UNIT_OFFICE
                                          ? plan_office(making->question->version->plan, units.units[i].code)
                                          : NULL;
        bool handed_in = false;

        if (!office || !form_owed_by(table->form, office, year))
            continue;
        expected++;
        shown += tell_office(making, table, &paper, year, office, list, &handed_in);
        reported += handed_in;
        if (!handed_in)
            silent = join_text(making, silent, units.units[i].name);
    }
    coverage =
        arena_format(making->arena, making_say(making, "涵蓋機關數：%d/%d%s%s%s。", "Offices counted: %d/%d%s%s%s."),
                     (int)reported, (int)expected, silent ? making_say(making, "（未填報：", " (not reported: ") : "",
                     silent ? silent : "", silent ? making_say(making, "）", ")") : "");
    if (reported == 0) {
        part_is_empty(making, table, year);
    } else if (shown == 0) {
        say_nothing(making,
                    arena_format(making->arena, making_say(making, "%s：本期無。%s%s", "%s: none. %s %s"),
                                 part_title(making, table, year),
                                 table->none.text[LANGUAGE_ZH] ? making_name(making, &table->none) : "", coverage));
    } else {
        if (table->note.text[LANGUAGE_ZH])
            paper_note(paper, making_name(making, &table->note));
        making_note(making, paper, coverage);
    }
}

bool part_of_words(struct pack_making *making, const struct pack_table *table, int year)
{
    const struct pack_question *question = making->question;
    const struct rows_question asked = {.version = question->version,
                                        .form = table->form,
                                        .table = table->table,
                                        .year = year,
                                        .basis = question->basis,
                                        .as_of = &question->as_of};
    json_t *list = NULL;
    enum db_status status = rows_reported(making->db, &asked, &list);

    if (status != DB_OK)
        return making_failed(making, status);
    tell_offices(making, table, year, list);
    json_decref(list);
    return true;
}
