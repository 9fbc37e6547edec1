/* notes.c: notes explain cells; one that points nowhere is said, not refused. */
#include <string.h>

#include "form/document.h"
#include "form/place.h"

/* A note may point at the document, a field, a table, a row or a cell; a field also by its code alone. */
static bool note_path_exists(const struct document *document, struct arena *arena, const char *path)
{
    struct place place;

    if (strcmp(path, "document") == 0 || form_field(document->form, path))
        return true;
    return place_parse(document->form, path, arena, &place) && place_find(document, arena, &place);
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
