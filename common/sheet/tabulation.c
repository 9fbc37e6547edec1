/* tabulation.c: filling a table, and writing it as CSV and as JSON. */
#include "sheet/tabulation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/csv.h"

struct tabulation *tabulation_in(struct arena *arena, const struct tabulation_column *columns, size_t column_count)
{
    struct tabulation *tabulation = arena_alloc(arena, sizeof *tabulation);

    if (tabulation)
        *tabulation = (struct tabulation){.arena = arena, .columns = columns, .column_count = column_count};
    return tabulation;
}

/* Makes room for one more in a list of the arena's. */
static void *grow(struct tabulation *tabulation, void *list, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 64;
    void *larger;

    if (count < *capacity)
        return list;
    larger = arena_alloc_array(tabulation->arena, wanted, size);
    if (larger && count > 0)
        memcpy(larger, list, count * size);
    if (larger)
        *capacity = wanted;
    else
        tabulation->refused = true;
    return larger;
}

void tabulation_note(struct tabulation *tabulation, const char *label, const char *text)
{
    struct tabulation_note *notes;

    if (!tabulation || !text)
        return;
    notes = grow(tabulation, tabulation->notes, tabulation->note_count, &tabulation->note_capacity, sizeof *notes);
    if (!notes)
        return;
    tabulation->notes = notes;
    notes[tabulation->note_count++] = (struct tabulation_note){label, text};
}

void tabulation_row(struct tabulation *tabulation, const char *const *texts)
{
    const char ***rows, **row;

    if (!tabulation || tabulation->refused)
        return;
    rows = grow(tabulation, tabulation->rows, tabulation->row_count, &tabulation->row_capacity, sizeof *rows);
    row = arena_alloc_array(tabulation->arena, tabulation->column_count, sizeof *row);
    if (!rows || !row || tabulation->row_count == TABULATION_MOST_ROWS) {
        tabulation->refused = true;
        return;
    }
    memcpy(row, texts, tabulation->column_count * sizeof *row);
    tabulation->rows = rows;
    rows[tabulation->row_count++] = row;
}

/* A row without what is for people only. */
static bool write_row(const struct tabulation *tabulation, const char *const *texts, const char **kept,
                      struct buffer *out)
{
    size_t count = 0;

    for (size_t i = 0; i < tabulation->column_count; i++)
        if (!tabulation->columns[i].for_people)
            kept[count++] = texts ? texts[i] : tabulation->columns[i].code;
    return csv_row(out, kept, count);
}

bool tabulation_write_csv(const struct tabulation *tabulation, struct buffer *out)
{
    const char **kept;
    bool good;

    if (!tabulation || tabulation->refused ||
        !(kept = arena_alloc_array(tabulation->arena, tabulation->column_count, sizeof *kept)))
        return false;
    good = csv_begin(out) && write_row(tabulation, NULL, kept, out);
    for (size_t i = 0; good && i < tabulation->row_count; i++)
        good = write_row(tabulation, tabulation->rows[i], kept, out);
    return good;
}

static json_t *cell_to_json(enum column_kind kind, const char *text)
{
    char *end;

    if (!text)
        return json_null();
    if (kind == COLUMN_TRUTH)
        return json_boolean(strcmp(text, "true") == 0);
    if (kind == COLUMN_INTEGER || kind == COLUMN_NUMBER) {
        errno = 0;
        long long number = strtoll(text, &end, 10);

        if (end != text && !*end && !errno)
            return json_integer(number);
    }
    return json_string(text);
}

json_t *tabulation_to_json(const struct tabulation *tabulation)
{
    json_t *list = json_array();
    bool good = list && tabulation && !tabulation->refused;

    for (size_t i = 0; good && i < tabulation->row_count; i++) {
        json_t *row = json_object();

        for (size_t k = 0; good && k < tabulation->column_count; k++)
            good = tabulation->columns[k].for_people ||
                   json_object_set_new(row, tabulation->columns[k].code,
                                       cell_to_json(tabulation->columns[k].kind, tabulation->rows[i][k])) == 0;
        good = json_array_append_new(list, row) == 0 && good;
    }
    if (good)
        return list;
    json_decref(list);
    return NULL;
}
