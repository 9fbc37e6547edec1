/* changes.c: two packs side by side. */
#include "pack/changes.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "pack/sources.h"

enum { LONGEST_KEY = 256 * 1024 };

/* Puts `value` (borrowed) into a map under a key; a key that stands there already gets a number. */
static void keep_under(json_t *map, struct buffer *key, json_t *value)
{
    for (int n = 2; !key->failed && json_object_get(map, key->data); n++)
        buffer_append_format(key, "\x1f%d", n);
    if (!key->failed)
        json_object_set(map, key->data, value);
    buffer_free(key);
}

static void append_part(struct buffer *key, const char *part)
{
    buffer_append_text(key, part ? part : "");
    buffer_append_char(key, '\x1f');
}

static const char *text_at(const json_t *list, size_t i)
{
    const char *text = json_string_value(json_array_get(list, i));

    return text ? text : "";
}

/* ---- cells -------------------------------------------------------------------------------------------------------- */

/* "現有人數／男": a column's heading below its group's. */
static json_t *column_label(const json_t *column)
{
    const char *group = json_text_member(column, "group"), *heading = json_text_member(column, "heading");

    return group ? json_sprintf("%s／%s", group, heading) : json_string(heading ? heading : "");
}

/* The place of each column by its label. */
static json_t *columns_by_label(const json_t *table)
{
    json_t *map = json_object(), *column;
    size_t i;

    json_array_foreach(json_object_get(table, "columns"), i, column) {
        struct buffer key = BUFFER_WITH_LIMIT(LONGEST_KEY);
        json_t *label = column_label(column), *place = json_integer((json_int_t)i);

        buffer_append_text(&key, json_string_value(label) ? json_string_value(label) : "");
        keep_under(map, &key, place);
        json_decref(label);
        json_decref(place);
    }
    return map;
}

/* Two rows' cells that differ, beyond the columns that say what the rows are about. */
static json_t *changed_cells(const json_t *before, const json_t *after, const json_t *columns_before,
                             const json_t *columns_after, const json_t *table)
{
    json_t *list = json_array(), *place;
    const json_t *texts_before = json_object_get(before, "texts"), *texts_after = json_object_get(after, "texts");
    const char *label;

    json_object_foreach((json_t *)columns_after, label, place) {
        size_t i = (size_t)json_integer_value(place);
        const json_t *old = json_object_get(columns_before, label),
                     *column = json_array_get(json_object_get(table, "columns"), i);
        const char *was = old ? text_at(texts_before, (size_t)json_integer_value(old)) : NULL,
                   *is = text_at(texts_after, i);

        if (!was || strcmp(was, is) != 0)
            json_array_append_new(list, json_pack("{ss ss* ss? ss}", "column", label, "holding",
                                                  json_text_member(column, "holding"), "before", was, "after", is));
    }
    return list;
}

/* ---- rows --------------------------------------------------------------------------------------------------------- */

/* The rows but those that only head others, each with what it stands under, by what they are about. */
static json_t *rows_by_key(const json_t *table)
{
    size_t key_columns = (size_t)json_integer_value(json_object_get(table, "key_columns")), i;
    const char *under = "";
    json_t *map = json_object(), *row;

    json_array_foreach(json_object_get(table, "rows"), i, row) {
        struct buffer key = BUFFER_WITH_LIMIT(LONGEST_KEY);
        const json_t *texts = json_object_get(row, "texts");

        if (strcmp(json_text_member(row, "kind"), "group") == 0) {
            under = text_at(texts, 0);
            continue;
        }
        append_part(&key, under);
        for (size_t c = 0; c < (key_columns ? key_columns : 1); c++)
            append_part(&key, text_at(texts, c));
        json_object_set_new(row, "under", json_string(under));
        keep_under(map, &key, row);
    }
    return map;
}

/* What a row is about: its first columns. */
static json_t *row_about(const json_t *row, const json_t *table)
{
    size_t count = (size_t)json_integer_value(json_object_get(table, "key_columns"));
    json_t *list = json_array();

    for (size_t c = 0; c < (count ? count : 1); c++)
        json_array_append_new(list, json_string(text_at(json_object_get(row, "texts"), c)));
    return list;
}

/* Takes over `cells`. */
static void add_row(json_t *rows, const json_t *row, const json_t *table, const char *change, json_t *cells)
{
    const char *under = json_text_member(row, "under");

    json_array_append_new(rows, json_pack("{ss? so ss so}", "under", under && *under ? under : NULL, "row",
                                          row_about(row, table), "change", change, "cells", cells));
}

static json_t *changed_rows(const json_t *before, const json_t *after)
{
    json_t *rows = json_array(), *rows_before = rows_by_key(before), *rows_after = rows_by_key(after);
    json_t *columns_before = columns_by_label(before), *columns_after = columns_by_label(after), *row;
    const char *key;

    json_object_foreach(rows_after, key, row) {
        const json_t *old = json_object_get(rows_before, key);
        json_t *cells = old ? changed_cells(old, row, columns_before, columns_after, after) : json_array();

        if (!old || json_array_size(cells) > 0)
            add_row(rows, row, after, old ? "changed" : "added", cells);
        else
            json_decref(cells);
    }
    json_object_foreach(rows_before, key, row)
        if (!json_object_get(rows_after, key))
            add_row(rows, row, before, "gone", json_array());
    json_decref(rows_before);
    json_decref(rows_after);
    json_decref(columns_before);
    json_decref(columns_after);
    return rows;
}

/* ---- tables ------------------------------------------------------------------------------------------------------- */

static json_t *tables_by_key(const json_t *pack)
{
    json_t *map = json_object(), *block;
    size_t i;

    json_array_foreach(json_object_get(pack, "blocks"), i, block) {
        struct buffer key = BUFFER_WITH_LIMIT(LONGEST_KEY);
        const char *own = json_text_member(block, "key");

        if (strcmp(json_text_member(block, "kind"), "table") != 0)
            continue;
        append_part(&key, own ? own : json_text_member(block, "caption"));
        keep_under(map, &key, block);
    }
    return map;
}

/* Takes over `rows`. */
static void add_table(json_t *tables, const json_t *table, const char *change, json_t *rows)
{
    json_array_append_new(tables, json_pack("{ss? ss? ss so}", "key", json_text_member(table, "key"), "caption",
                                            json_text_member(table, "caption"), "change", change, "rows", rows));
}

static json_t *changed_tables(const json_t *earlier, const json_t *later)
{
    json_t *tables = json_array(), *before = tables_by_key(earlier), *after = tables_by_key(later), *table;
    const char *key;

    json_object_foreach(after, key, table) {
        const json_t *old = json_object_get(before, key);
        json_t *rows = old ? changed_rows(old, table) : json_array();

        if (!old || json_array_size(rows) > 0)
            add_table(tables, table, old ? "changed" : "added", rows);
        else
            json_decref(rows);
    }
    json_object_foreach(before, key, table)
        if (!json_object_get(after, key))
            add_table(tables, table, "gone", json_array());
    json_decref(before);
    json_decref(after);
    return tables;
}

json_t *pack_changes(const json_t *earlier, const json_t *later, const struct plan *plan)
{
    json_t *tables = changed_tables(earlier, later), *texts = changed_texts(earlier, later),
           *sources = changed_sources(json_object_get(earlier, "sources"), json_object_get(later, "sources"), plan);
    bool unchanged = json_array_size(tables) == 0 && json_array_size(texts) == 0 && json_array_size(sources) == 0;

    return json_pack("{so so so sb}", "tables", tables, "texts", texts, "sources", sources, "unchanged", unchanged);
}
