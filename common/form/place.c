/* place.c: a path read back into the place that it names, and that place in a document. */
#include "form/place.h"

#include <string.h>

/* The table with the longest code that `text` begins with (codes hold dots, never brackets), and how long that is; NULL if
 * there is none. */
static const struct table *find_table(const struct form *form, const char *text, size_t *ret_length)
{
    const struct table *found = NULL;

    for (size_t i = 0; i < form->table_count; i++) {
        size_t length = strlen(form->tables[i].code);

        if (strncmp(text, form->tables[i].code, length) != 0 || !strchr("[.", text[length]) ||
            (found && length < *ret_length))
            continue;
        found = &form->tables[i];
        *ret_length = length;
    }
    return found;
}

static bool read_in_table(const struct form *form, const char *text, struct arena *arena, struct place *place)
{
    size_t length = 0;
    const struct table *table = find_table(form, text, &length);
    const struct item *column;

    if (!table)
        return false;
    place->table = table->code;
    text += length;
    if (*text == '[') {
        const char *end = strrchr(text, ']');

        if (!end || end == text + 1)
            return false;
        place->row_identity = arena_copy(arena, text + 1, (size_t)(end - text) - 1);
        if (!place->row_identity)
            return false;
        text = end + 1;
    }
    if (!*text)
        return true;
    if (*text != '.' || !(column = table_column(table, text + 1)))
        return false;
    place->column = column->code;
    return true;
}

bool place_parse(const struct form *form, const char *path, struct arena *arena, struct place *ret_place)
{
    struct place place = {0};
    const struct item *field;

    if (strncmp(path, "fields.", 7) == 0) {
        if (!(field = form_field(form, path + 7)))
            return false;
        place.field = field->code;
    } else if (strncmp(path, "tables.", 7) != 0 || !read_in_table(form, path + 7, arena, &place)) {
        return false;
    }
    *ret_place = place;
    return true;
}

const struct name *place_label(const struct form *form, const struct place *place)
{
    const struct table *table = place->table ? form_table(form, place->table) : NULL;
    const struct item *item = place->field             ? form_field(form, place->field)
                              : table && place->column ? table_column(table, place->column)
                                                       : NULL;

    return item ? &item->name : table ? &table->name : NULL;
}

bool place_find(const struct document *document, struct arena *arena, struct place *place)
{
    const struct table *table = place->table ? form_table(document->form, place->table) : NULL;
    struct table_rows *rows = table ? &document->tables[table->index] : NULL;

    if (place->row_identity)
        place->row = rows ? rows_find(rows, arena, place->row_identity) : 0;
    return !place->row_identity || place->row > 0;
}

const char *place_words(struct arena *arena, const struct form *form, const struct place *place, enum language language)
{
    const struct name *label = place_label(form, place);
    const struct table *table = place->table ? form_table(form, place->table) : NULL;

    if (!label || !table)
        return label ? label->text[language] : NULL;
    return arena_format(arena, "%s%s%s%s%s", table->name.text[language], place->row_identity ? " " : "",
                        place->row_identity ? place->row_identity : "", place->column ? " " : "",
                        place->column ? label->text[language] : "");
}
