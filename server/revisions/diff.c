/* diff.c: comparing two documents of one form. */
#include "revisions/diff.h"

#include <string.h>

#include "form/document.h"

struct comparison {
    struct arena *arena;
    json_t *cells;
    bool failed;
};

/* Blank and absent are the same to a reader. */
static const json_t *shown(const json_t *cell)
{
    return cell && !json_is_null(cell) ? cell : NULL;
}

static void compare_cells(struct comparison *comparison, struct place place, const json_t *before, const json_t *after)
{
    before = shown(before);
    after = shown(after);
    if (before == after || (before && after && json_equal(before, after)))
        return;

    const char *path = place_path(comparison->arena, place);
    json_t *cell = path ? json_pack("{ss ss sO? sO?}", "path", path, "change",
                                    !before  ? "added"
                                    : !after ? "removed"
                                             : "changed",
                                    "before", before, "after", after)
                        : NULL;

    if (json_array_append_new(comparison->cells, cell) != 0)
        comparison->failed = true;
}

static void compare_members(struct comparison *comparison, const char *prefix, json_t *before, json_t *after)
{
    const char *key;
    json_t *value;

    json_object_foreach(before, key, value)
        compare_cells(comparison, (struct place){.member = arena_format(comparison->arena, "%s.%s", prefix, key)},
                      value, json_object_get(after, key));
    json_object_foreach(after, key, value)
        if (!json_object_get(before, key))
            compare_cells(comparison, (struct place){.member = arena_format(comparison->arena, "%s.%s", prefix, key)},
                          NULL, value);
}

static void compare_rows(struct comparison *comparison, const struct table *table, const char *identity,
                         const json_t *before, const json_t *after)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const char *code = table->columns[i].code;

        compare_cells(comparison, (struct place){.table = table->code, .row_identity = identity, .column = code},
                      json_object_get(before, code), json_object_get(after, code));
    }
}

/* The rows of a table by identity. */
static json_t *index_rows(const struct table_rows *rows)
{
    json_t *index = json_object();

    for (size_t i = 0; index && i < rows->row_count; i++)
        if (rows->rows[i].identity)
            json_object_set(index, rows->rows[i].identity, rows->rows[i].json);
    return index;
}

static void compare_tables(struct comparison *comparison, const struct table *table, const struct table_rows *before,
                           const struct table_rows *after)
{
    json_t *old_rows = index_rows(before), *new_rows = index_rows(after), *row;
    const char *identity;

    if (before->declared != after->declared && before->row_count + after->row_count == 0) {
        json_t *none = json_array();

        /* from left out to declared empty, or back: blank and none are not the same */
        compare_cells(comparison, (struct place){.table = table->code}, before->declared ? none : NULL,
                      after->declared ? none : NULL);
        json_decref(none);
    }
    json_object_foreach(old_rows, identity, row)
        compare_rows(comparison, table, arena_text(comparison->arena, identity), row,
                     json_object_get(new_rows, identity));
    json_object_foreach(new_rows, identity, row)
        if (!json_object_get(old_rows, identity))
            compare_rows(comparison, table, arena_text(comparison->arena, identity), NULL, row);
    json_decref(old_rows);
    json_decref(new_rows);
}

json_t *documents_diff(const struct plan *plan, const json_t *before_json, const json_t *after_json,
                       struct arena *arena)
{
    struct findings ignored = FINDINGS_IN(arena);
    struct document *before = document_judge(plan, json_deep_copy(before_json), &ignored);
    struct document *after = document_judge(plan, json_deep_copy(after_json), &ignored);
    struct comparison comparison = {.arena = arena, .cells = json_array()};

    if (!before || !after || !comparison.cells) {
        document_release(before);
        document_release(after);
        json_decref(comparison.cells);
        return NULL;
    }
    compare_members(&comparison, "fields", json_object_get(before->json, "fields"),
                    json_object_get(after->json, "fields"));
    for (size_t t = 0; t < before->form->table_count; t++)
        compare_tables(&comparison, &before->form->tables[t], &before->tables[t], &after->tables[t]);
    compare_members(&comparison, "notes", json_object_get(before->json, "notes"),
                    json_object_get(after->json, "notes"));
    document_release(before);
    document_release(after);
    if (comparison.failed) {
        json_decref(comparison.cells);
        return NULL;
    }
    return comparison.cells;
}
