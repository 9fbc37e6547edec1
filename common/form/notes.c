/* notes.c: notes explain cells; one that points nowhere is said, not refused. */
#include <string.h>

#include "form/document.h"

/* A note may point at the document, a field, a table, a row or a cell. */
static bool note_path_exists(const struct document *document, struct arena *arena, const char *path)
{
    const char *rest = strncmp(path, "tables.", 7) == 0 ? path + 7 : NULL;

    if (strcmp(path, "document") == 0 || form_field(document->form, path))
        return true;
    if (strncmp(path, "fields.", 7) == 0)
        return form_field(document->form, path + 7) != NULL;
    if (!rest)
        return false;

    const char *open = strchr(rest, '['), *close = open ? strrchr(open, ']') : NULL;
    const char *code = arena_copy(arena, rest, open ? (size_t)(open - rest) : strlen(rest));
    const struct table *table = code ? form_table(document->form, code) : NULL;

    if (!table || !open)
        return table != NULL;
    const char *identity = close ? arena_copy(arena, open + 1, (size_t)(close - open - 1)) : NULL;

    if (!identity || !rows_have(&document->tables[table->index], arena, identity))
        return false;
    return close[1] == '\0' || (close[1] == '.' && table_column(table, close + 2));
}

void notes_read(const struct document *document, struct findings *findings)
{
    json_t *notes = json_object_get(document->json, "notes"), *value;
    const char *path;

    if (!notes || json_is_null(notes))
        return;
    if (!json_is_object(notes)) {
        findings_add_member(findings, FINDING_wrong_type, "notes", "object", notes);
        return;
    }
    json_object_foreach(notes, path, value) {
        const char *copy = arena_text(findings->arena, path);

        if (!json_is_string(value))
            findings_add(findings,
                         (struct finding){.code = FINDING_wrong_type,
                                          .place = {.member = arena_format(findings->arena, "notes.%s", path)},
                                          .expected = "string",
                                          .found = json_excerpt(findings->arena, value)});
        else if (!note_path_exists(document, findings->arena, path))
            findings_add(findings,
                         (struct finding){.severity = SEVERITY_WARNING,
                                          .code = FINDING_note_path_unknown,
                                          .place = {.member = arena_format(findings->arena, "notes.%s", path)},
                                          .found = copy});
    }
}

/* An empty note explains nothing. */
static bool says_something(const json_t *note)
{
    const char *text = json_string_value(note);

    return text && text[strspn(text, " \t\r\n")] != '\0';
}

bool document_has_note(const struct document *document, struct arena *arena, struct place place)
{
    const json_t *notes = json_object_get(document->json, "notes");
    const char *cell = place_path(arena, place), *row;

    if (!json_is_object(notes) || !cell)
        return false;
    place.column = NULL;
    row = place.table ? place_path(arena, place) : place.field;
    return says_something(json_object_get(notes, cell)) || (row && says_something(json_object_get(notes, row)));
}
