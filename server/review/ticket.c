/* ticket.c: changes held against what was returned. */
#include "review/ticket.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "form/place.h"

enum { KEY_SIZE = 1024 };

/* What is returned, by keys of places: looked up and not gone through, as a ticket may name thousands of cells and a
 * correction change thousands. A key's value is true once a change that it covers was found. */
typedef json_t place_set;

/* The key of a place without its column or row, if so asked. False: longer than any place can be. */
static bool write_key(char key[static KEY_SIZE], const struct place *place, bool column, bool row)
{
    int length = place->field
                     ? snprintf(key, KEY_SIZE, "field %s", place->field)
                     : snprintf(key, KEY_SIZE, "table %s %s %s%s", place->table ? place->table : "",
                                column && place->column ? place->column : "", row && place->row_identity ? "=" : "",
                                row && place->row_identity ? place->row_identity : "");

    return length > 0 && length < KEY_SIZE;
}

static void add_place(place_set *set, const struct place *place)
{
    char key[KEY_SIZE];

    if (write_key(key, place, true, true))
        json_object_set_new(set, key, json_false());
}

static bool has_place(place_set *set, const struct place *place, bool column, bool row, bool marks)
{
    char key[KEY_SIZE];
    bool found = write_key(key, place, column, row) && json_object_get(set, key);

    if (found && marks)
        json_object_set_new(set, key, json_true());
    return found;
}

/* Whether a returned place holds a changed one: the same, or a row, a column or a table around it; `marks` all that do. */
static bool covers(place_set *set, const struct place *changed, bool marks)
{
    bool found = has_place(set, changed, true, true, marks);

    if (changed->field)
        return found;
    found |= has_place(set, changed, false, true, marks);
    found |= has_place(set, changed, true, false, marks);
    return has_place(set, changed, false, false, marks) || found;
}

/* Whether a change that this returned place covers was marked. */
static bool is_answered(const place_set *set, const struct place *returned)
{
    char key[KEY_SIZE];

    return write_key(key, returned, true, true) && json_is_true(json_object_get(set, key));
}

static bool is_item(const struct item *item, const struct place *place)
{
    return item && item->code == (place->field ? place->field : place->column);
}

/* Whether `changed` is the sum of parts of which one is returned. */
static bool follows(const struct form *form, place_set *set, const struct place *changed)
{
    for (size_t i = 0; i < form->rule_count; i++) {
        const struct rule *rule = &form->rules[i];
        const char *table = rule->table ? rule->table->code : NULL;

        if (rule->kind != RULE_SUM_EQUALS || table != changed->table || !is_item(rule->subject, changed))
            continue;
        for (size_t p = 0; p < rule->part_count; p++) {
            struct place part = *changed;

            *(changed->field ? &part.field : &part.column) = rule->parts[p]->code;
            if (covers(set, &part, false))
                return true;
        }
    }
    return false;
}

/* The places of a ticket's cells; what the form doesn't know any more is left out. Owned; NULL without memory. */
static place_set *read_places(const json_t *ticket, const struct form *form, struct arena *arena)
{
    const json_t *cells = json_object_get(ticket, "cells"), *cell;
    place_set *set = json_object();
    struct place place;
    size_t i;

    json_array_foreach(cells, i, cell)
        if (set && place_parse(form, json_string_value(cell), arena, &place))
            add_place(set, &place);
    return set;
}

/* Where the row stands in this document, so that a file can show it at its cell; 0 if it isn't there. */
static size_t row_number(const struct document *document, struct arena *arena, const struct place *place)
{
    struct place found = *place;

    return place->row_identity && place_find(document, arena, &found) ? found.row : 0;
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

static void add_not_returned(struct findings *findings, const struct name *label, const json_t *change,
                             struct place place)
{
    findings_add(findings,
                 (struct finding){.severity = SEVERITY_ERROR,
                                  .code = FINDING_cell_not_returned,
                                  .place = place,
                                  .label = label,
                                  .expected = json_excerpt(findings->arena, json_object_get(change, "before")),
                                  .found = json_excerpt(findings->arena, json_object_get(change, "after"))});
}

void ticket_check(const json_t *ticket, const json_t *changes, const struct document *document,
                  struct findings *findings)
{
    place_set *set = read_places(ticket, document->form, findings->arena);
    const json_t *change;
    struct place place;
    size_t i;

    if (!set)
        findings->out_of_memory = true;
    json_array_foreach(changes, i, change) {
        const char *path = json_text_member(change, "path");

        if (!set || json_is_true(json_object_get(ticket, "whole")) || is_note(path) || was_erased(change))
            continue;
        if (!place_parse(document->form, path, findings->arena, &place)) {
            /* what the plan dropped since can't be handed in again */
            if (!json_is_null(json_object_get(change, "after")))
                add_not_returned(findings, NULL, change, (struct place){.member = arena_text(findings->arena, path)});
        } else if (!covers(set, &place, false) && !follows(document->form, set, &place)) {
            place.row = row_number(document, findings->arena, &place);
            add_not_returned(findings, place_label(document->form, &place), change, place);
        }
    }
    json_decref(set);
}

/* The reason by the path of each returned cell: of several the newest. Owned. */
static json_t *read_reasons(const json_t *ticket)
{
    const json_t *returns = json_object_get(ticket, "returns"), *one, *cell;
    json_t *reasons = json_object();
    size_t i, k;

    json_array_foreach(returns, i, one)
        json_array_foreach(json_object_get(one, "cells"), k, cell)
            json_object_set(reasons, json_string_value(cell), json_object_get(one, "reason"));
    return reasons;
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
    place_set *set = read_places(ticket, document->form, findings->arena);
    json_t *reasons = read_reasons(ticket);
    struct place place;
    size_t i;

    if (!set || !reasons)
        findings->out_of_memory = true;
    json_array_foreach(changes, i, change)
        if (set && json_object_size(set) > 0 &&
            place_parse(document->form, json_text_member(change, "path"), findings->arena, &place))
            covers(set, &place, true);
    json_array_foreach(cells, i, cell) {
        const char *path = json_string_value(cell), *reason = json_text_member(reasons, path);

        if (!place_parse(document->form, path, findings->arena, &place) || is_answered(set, &place))
            continue;
        place.row = row_number(document, findings->arena, &place);
        add_returned(findings, place_label(document->form, &place), place,
                     arena_text(findings->arena, reason ? reason : json_text_member(ticket, "reason")));
    }
    json_decref(reasons);
    json_decref(set);
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
