/* ticket.c: changes held against what was returned. */
#include "review/ticket.h"

#include <string.h>

#include "base/json.h"
#include "form/place.h"

/* Whether a returned place holds a changed one: the same, or a row, a column or a table around it. */
static bool covers(const struct place *returned, const struct place *changed)
{
    if (returned->field || changed->field)
        return returned->field && returned->field == changed->field;
    return returned->table == changed->table &&
           (!returned->row_identity ||
            (changed->row_identity && strcmp(returned->row_identity, changed->row_identity) == 0)) &&
           (!returned->column || returned->column == changed->column);
}

static bool is_item(const struct item *item, const struct place *place)
{
    return item && item->code == (place->field ? place->field : place->column);
}

/* Whether `changed` is the sum of parts of which one is returned. */
static bool follows(const struct form *form, const struct place *returned, const struct place *changed)
{
    for (size_t i = 0; i < form->rule_count; i++) {
        const struct rule *rule = &form->rules[i];
        const char *table = rule->table ? rule->table->code : NULL;

        if (rule->kind != RULE_SUM_EQUALS || table != changed->table || !is_item(rule->subject, changed))
            continue;
        for (size_t p = 0; p < rule->part_count; p++) {
            struct place part = *changed;

            *(changed->field ? &part.field : &part.column) = rule->parts[p]->code;
            if (covers(returned, &part))
                return true;
        }
    }
    return false;
}

/* The places of a ticket's cells, in the arena; what the form doesn't know any more is left out. */
static struct place *read_places(const json_t *ticket, const struct form *form, struct arena *arena, size_t *ret_count)
{
    const json_t *cells = json_object_get(ticket, "cells"), *cell;
    struct place *places = arena_alloc_array(arena, json_array_size(cells) + 1, sizeof *places);
    size_t i;

    *ret_count = 0;
    json_array_foreach(cells, i, cell)
        if (places && place_parse(form, json_string_value(cell), arena, &places[*ret_count]))
            ++*ret_count;
    return places;
}

/* Where the row stands in this document, so that a file can show it at its cell; 0 if it isn't there. */
static size_t row_number(const struct document *document, const struct place *place)
{
    const struct table *table = place->table ? form_table(document->form, place->table) : NULL;
    const struct table_rows *rows = table ? &document->tables[table->index] : NULL;

    for (size_t i = 0; rows && place->row_identity && i < rows->row_count; i++)
        if (rows->rows[i].identity && strcmp(rows->rows[i].identity, place->row_identity) == 0)
            return i + 1;
    return 0;
}

static bool is_note(const char *path)
{
    return strncmp(path, "notes.", 6) == 0;
}

/* Nobody can hand in again what was erased: any value, or none, may stand there now. */
static bool was_erased(const json_t *change)
{
    return json_is_true(json_object_get(json_object_get(change, "before"), "erased"));
}

void ticket_check(const json_t *ticket, const json_t *changes, const struct document *document,
                  struct findings *findings)
{
    const json_t *change;
    struct place place;
    size_t count, i, k;
    struct place *places = read_places(ticket, document->form, findings->arena, &count);

    if (!places)
        findings->out_of_memory = true;
    if (!places || json_is_true(json_object_get(ticket, "whole")))
        return;
    json_array_foreach(changes, i, change) {
        const char *path = json_text_member(change, "path");
        bool open = is_note(path) || was_erased(change),
             known = place_parse(document->form, path, findings->arena, &place);

        for (k = 0; known && k < count && !open; k++)
            open = covers(&places[k], &place) || follows(document->form, &places[k], &place);
        if (!open) {
            place.row = known ? row_number(document, &place) : 0;
            findings_add(
                findings,
                (struct finding){.severity = SEVERITY_ERROR,
                                 .code = FINDING_cell_not_returned,
                                 .place = known ? place : (struct place){.member = arena_text(findings->arena, path)},
                                 .expected = json_excerpt(findings->arena, json_object_get(change, "before")),
                                 .found = json_excerpt(findings->arena, json_object_get(change, "after"))});
        }
    }
}

static const char *reason_of(const json_t *ticket, const char *path, struct arena *arena)
{
    const json_t *returns = json_object_get(ticket, "returns"), *one, *cell;
    const char *reason = NULL;
    size_t i, k;

    json_array_foreach(returns, i, one)
        json_array_foreach(json_object_get(one, "cells"), k, cell)
            if (strcmp(json_string_value(cell), path) == 0)
                reason = json_text_member(one, "reason");
    return arena_text(arena, reason ? reason : json_text_member(ticket, "reason"));
}

static void add_returned(struct findings *findings, const struct name *label, struct place place, const char *reason)
{
    findings_add(findings, (struct finding){.severity = SEVERITY_WARNING,
                                            .code = FINDING_cell_returned,
                                            .label = label,
                                            .place = place,
                                            .expected = reason});
}

void ticket_remind(const json_t *ticket, const json_t *changes, const struct document *document,
                   struct findings *findings)
{
    const json_t *cells = json_object_get(ticket, "cells"), *cell, *change;
    size_t i, k;

    json_array_foreach(cells, i, cell) {
        struct place returned, changed;
        bool answered = false;

        if (!place_parse(document->form, json_string_value(cell), findings->arena, &returned))
            continue;
        json_array_foreach(changes, k, change)
            answered =
                answered || (place_parse(document->form, json_text_member(change, "path"), findings->arena, &changed) &&
                             covers(&returned, &changed));
        returned.row = row_number(document, &returned);
        if (!answered)
            add_returned(findings, place_label(document->form, &returned), returned,
                         reason_of(ticket, json_string_value(cell), findings->arena));
    }
}

void ticket_tell(const json_t *ticket, const struct document *document, struct findings *findings)
{
    const json_t *one;
    size_t i;

    ticket_remind(ticket, NULL, document, findings);
    json_array_foreach(json_object_get(ticket, "returns"), i, one)
        if (json_array_size(json_object_get(one, "cells")) == 0)
            add_returned(findings, &document->form->name, (struct place){.member = "document"},
                         arena_text(findings->arena, json_text_member(one, "reason")));
}
