/* personal.c: taking personal values out of a document and putting them back. */
#include "form/personal.h"

#include <sodium.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"

enum { SALT_SIZE = 16, VALUE_LIMIT = 1024 * 1024 };

static bool form_has_personal(const struct form *form)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].personal)
            return true;
    for (size_t t = 0; t < form->table_count; t++)
        for (size_t i = 0; i < form->tables[t].column_count; i++)
            if (form->tables[t].columns[i].personal)
                return true;
    return false;
}

/* Replaces holder[key] by its digest and remembers the value under `path`. */
static bool take_apart(json_t *holder, const char *key, const char *path, salt_source *make_salt, json_t *apart)
{
    json_t *value = json_object_get(holder, key);
    struct buffer salted = BUFFER_WITH_LIMIT(VALUE_LIMIT);
    unsigned char salt[SALT_SIZE];
    char salt_text[2 * SALT_SIZE + 1], digest_text[DIGEST_TEXT_SIZE];

    make_salt(salt);
    buffer_append(&salted, salt, sizeof salt);
    if (!json_write_canonical(value, &salted)) {
        buffer_free(&salted);
        return false;
    }
    struct digest digest = digest_of(salted.data, salted.length);

    buffer_free(&salted);
    sodium_bin2hex(salt_text, sizeof salt_text, salt, sizeof salt);
    digest_format(&digest, digest_text);
    return json_array_append_new(apart, json_pack("{ss ss ss sO}", "path", path, "salt", salt_text, "digest",
                                                  digest_text, "value", value)) == 0 &&
           json_object_set_new(holder, key, json_pack("{ss}", "personal", digest_text)) == 0;
}

static bool split_items(const struct item *items, const struct cell *cells, size_t count, json_t *holder,
                        struct place place, salt_source *salt, json_t *apart, struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        if (!items[i].personal || cells[i].state != CELL_VALUE)
            continue;
        if (place.table)
            place.column = items[i].code;
        else
            place.field = items[i].code;

        const char *path = place_path(arena, place);

        if (!path || !take_apart(holder, items[i].code, path, salt, apart))
            return false;
    }
    return true;
}

static bool split_rows(const struct table *table, const struct table_rows *rows, json_t *list, salt_source *salt,
                       json_t *apart, struct arena *arena)
{
    for (size_t r = 0; r < rows->row_count; r++) {
        struct place place = {.table = table->code, .row_identity = rows->rows[r].identity};

        if (!split_items(table->columns, rows->rows[r].cells, table->column_count, json_array_get(list, r), place, salt,
                         apart, arena))
            return false;
    }
    return true;
}

json_t *personal_split(const struct document *document, salt_source *salt, json_t **ret_apart)
{
    const struct form *form = document->form;
    json_t *apart = json_array();

    if (!apart)
        return NULL;
    if (!form_has_personal(form)) {
        *ret_apart = apart;
        return json_incref(document->json);
    }

    struct arena *arena = arena_new(64 * 1024 * 1024);
    json_t *stored = json_deep_copy(document->json);
    json_t *tables = json_object_get(stored, "tables");
    bool good = arena && stored &&
                split_items(form->fields, document->fields, form->field_count, json_object_get(stored, "fields"),
                            (struct place){0}, salt, apart, arena);

    for (size_t t = 0; good && t < form->table_count; t++)
        if (document->tables[t].declared)
            good = split_rows(&form->tables[t], &document->tables[t], json_object_get(tables, form->tables[t].code),
                              salt, apart, arena);
    arena_free(arena);
    if (!good) {
        json_decref(stored);
        json_decref(apart);
        return NULL;
    }
    *ret_apart = apart;
    return stored;
}

/* The digest of a cell that was taken apart, or NULL. */
static const char *digest_of_cell(const json_t *cell)
{
    return json_object_size(cell) == 1 ? json_text_member(cell, "personal") : NULL;
}

static bool join_members(json_t *holder, const json_t *by_digest)
{
    const char *key;
    json_t *cell;

    json_object_foreach(holder, key, cell) {
        const char *digest = digest_of_cell(cell);
        json_t *value = digest ? json_object_get(by_digest, digest) : NULL;

        if (digest &&
            json_object_set_new(holder, key, value ? json_incref(value) : json_pack("{sb}", "erased", 1)) != 0)
            return false;
    }
    return true;
}

bool personal_join(json_t *stored, const json_t *apart)
{
    json_t *by_digest = json_object(), *tables, *list, *row;
    const json_t *one;
    const char *key;
    size_t i;
    bool good = by_digest != NULL;

    json_array_foreach(apart, i, one)
        good = good && json_object_set(by_digest, json_text_member(one, "digest"), json_object_get(one, "value")) == 0;
    good = good && join_members(json_object_get(stored, "fields"), by_digest);
    tables = json_object_get(stored, "tables");
    json_object_foreach(tables, key, list)
        json_array_foreach(list, i, row)
            good = good && join_members(row, by_digest);
    json_decref(by_digest);
    return good;
}
