/* letter_cells.c: returned cells in a person's words: "課程「CEDAW 案例研討」：時數（現填 3）". */
#include <string.h>

#include "base/json.h"
#include "form/place.h"
#include "mail/letter_inside.h"

enum { MOST_CELLS = 100 };

/* A value that a person wrote, as they would read it; NULL: none, or one that isn't for mails. */
static const char *value_words(const struct letter *letter, const struct item *item, const json_t *value)
{
    const struct code_entry *entry;

    if (!item || item->personal || !value || json_is_null(value))
        return NULL;
    if (json_is_integer(value))
        return arena_format(letter->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? letter_words(letter, "是", "yes") : letter_words(letter, "否", "no");
    if (json_is_object(value))
        return json_object_get(value, "not_applicable") ? letter_words(letter, "不適用", "not applicable")
                                                        : letter_words(letter, "未到", "not yet known");
    if (!json_is_string(value) || json_string_length(value) > 60)
        return NULL;
    entry = item->codes ? code_list_entry(item->codes, json_string_value(value)) : NULL;
    return entry ? entry->name.text[letter->mail->language] : json_string_value(value);
}

/* The row that a path names: by its `_row`, or by its key. */
static const json_t *find_row(const struct table *table, const json_t *rows, const char *identity, size_t *ret_number)
{
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        const json_t *key = table->key_count ? json_object_get(row, table->key[0]->code) : json_object_get(row, "_row");
        char number[32] = "";

        if (json_is_integer(key))
            snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(key));
        if (strcmp(json_is_string(key) ? json_string_value(key) : number, identity) == 0) {
            *ret_number = i + 1;
            return row;
        }
    }
    return NULL;
}

/* What a person calls a row: its first text that isn't personal. */
static const char *row_words(const struct table *table, const json_t *row)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const json_t *value = json_object_get(row, table->columns[i].code);

        if (!table->columns[i].personal && table->columns[i].type == ITEM_TEXT && json_is_string(value))
            return json_string_value(value);
    }
    return NULL;
}

static void append_value(struct letter *letter, const struct item *item, const json_t *value)
{
    const char *words = value_words(letter, item, value);

    if (words)
        letter_line(letter, "（現填 %s）", " (now: %s)", words);
}

static void append_row(struct letter *letter, const struct table *table, const json_t *rows, const struct place *place)
{
    size_t number = 0;
    const json_t *row = find_row(table, rows, place->row_identity, &number);
    const char *name = row ? row_words(table, row) : NULL;
    const struct item *column = place->column ? table_column(table, place->column) : NULL;

    if (number > 0)
        letter_line(letter, "第 %zu 列", ", row %zu", number);
    if (name)
        letter_line(letter, "「%s」", " \"%s\"", name);
    if (!column)
        return;
    letter_line(letter, "：%s", ": %s", column->name.text[letter->mail->language]);
    append_value(letter, column, json_object_get(row, column->code));
}

static void append_table(struct letter *letter, const struct table *table, const json_t *rows,
                         const struct place *place)
{
    const struct item *column = place->column ? table_column(table, place->column) : NULL;

    buffer_append_text(&letter->text, table->name.text[letter->mail->language]);
    if (place->row_identity)
        append_row(letter, table, rows, place);
    else if (column)
        letter_line(letter, "：%s（整欄）", ": %s (the whole column)", column->name.text[letter->mail->language]);
    else
        letter_say(letter, "（整張表）", " (the whole table)");
}

static void append_cell(struct letter *letter, const struct form *form, const json_t *document, const char *path)
{
    struct place place = {.field = NULL};
    bool known = form && place_parse(form, path, letter->arena, &place);
    const struct item *field = known && place.field ? form_field(form, place.field) : NULL;
    const struct table *table = known && place.table ? form_table(form, place.table) : NULL;

    if (field) {
        buffer_append_text(&letter->text, field->name.text[letter->mail->language]);
        append_value(letter, field, json_object_get(json_object_get(document, "fields"), field->code));
    } else if (table) {
        append_table(letter, table, json_object_get(json_object_get(document, "tables"), table->code), &place);
    } else {
        buffer_append_text(&letter->text, path);
    }
}

enum letter_outcome letter_cells(struct letter *letter, const struct plan *plan, const struct revision *revision,
                                 const json_t *cells)
{
    json_t *document = NULL;
    const json_t *cell;
    size_t i;

    if (json_array_size(cells) == 0)
        return LETTER_WRITTEN;
    if (revision_document(letter->db, revision, &document) != DB_OK)
        return LETTER_UNAVAILABLE;
    letter_say(letter, "請更正下列內容：\n", "Please correct:\n");
    json_array_foreach(cells, i, cell) {
        if (i == MOST_CELLS) {
            letter_line(letter, "  另有 %zu 項，詳見系統。\n", "  and %zu more; the system shows all.\n",
                        json_array_size(cells) - MOST_CELLS);
            break;
        }
        buffer_append_format(&letter->text, "  %zu. ", i + 1);
        append_cell(letter, plan_form(plan, revision->form), document, json_string_value(cell));
        letter_say(letter, "\n", "\n");
    }
    letter_say(letter, "\n", "\n");
    json_decref(document);
    return LETTER_WRITTEN;
}
