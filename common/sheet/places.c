/* places.c: addresses of cells, and the cell each finding is about. */
#include "sheet/places.h"

#include <string.h>

#include "sheet/grid.h"

static const char *const head_names[HEAD_PART_COUNT] = {
    [HEAD_FORM] = "form",   [HEAD_OFFICE] = "office", [HEAD_PERIOD] = "period",
    [HEAD_EVENT] = "event", [HEAD_BASE] = "base",     [HEAD_PLAN] = "plan",
};

const char *head_part_name(enum head_part part)
{
    return head_names[part];
}

const char *column_letters(struct arena *arena, size_t column)
{
    char letters[16];
    size_t start = sizeof letters - 1;

    letters[start] = '\0';
    for (column++; column > 0; column = (column - 1) / 26)
        letters[--start] = (char)('A' + (column - 1) % 26);
    return arena_text(arena, letters + start);
}

const char *spot_ref(struct arena *arena, struct spot spot)
{
    if (spot.row == 0 || spot.column == NO_COLUMN)
        return NULL;

    const char *letters = column_letters(arena, spot.column);

    return letters ? arena_format(arena, "%s%zu", letters, spot.row) : NULL;
}

struct cell_places *places_new(struct arena *arena, const struct form *form)
{
    struct cell_places *places = arena_alloc(arena, sizeof *places);

    if (!places)
        return NULL;
    places->form = form;
    places->fields = arena_alloc_array(arena, form->field_count + 1, sizeof *places->fields);
    places->tables = arena_alloc_array(arena, form->table_count + 1, sizeof *places->tables);
    if (!places->fields || !places->tables)
        return NULL;
    for (size_t t = 0; t < form->table_count; t++) {
        struct table_spots *spots = &places->tables[t];

        spots->row_column = NO_COLUMN;
        spots->columns = arena_alloc_array(arena, form->tables[t].column_count + 1, sizeof *spots->columns);
        if (!spots->columns)
            return NULL;
        for (size_t c = 0; c < form->tables[t].column_count; c++)
            spots->columns[c] = NO_COLUMN;
    }
    return places;
}

static struct spot find_member(const struct cell_places *places, const char *member)
{
    static const char notes[] = "notes.fields.";

    for (size_t i = 0; i < HEAD_PART_COUNT; i++)
        if (strcmp(head_names[i], member) == 0)
            return places->head[i];
    if (strncmp(member, notes, sizeof notes - 1) == 0) {
        const struct item *field = form_field(places->form, member + sizeof notes - 1);

        if (field)
            return places->fields[field->index].note;
    }
    return (struct spot){0};
}

/* The cell of a row and column, the row's first cell for a row as a whole, the heading for a table as a whole. */
static struct spot find_table_cell(const struct cell_places *places, const struct place *place)
{
    const struct table *table = form_table(places->form, place->table);
    struct spot spot = {0};

    if (!table)
        return spot;

    const struct table_spots *spots = &places->tables[table->index];
    const struct item *column = place->column ? table_column(table, place->column) : NULL;

    spot = spots->heading;
    if (column)
        spot.column = spots->columns[column->index];
    else if (place->column && strcmp(place->column, "_row") == 0)
        spot.column = spots->row_column;
    if (place->row > 0)
        spot.row = place->row <= spots->row_count ? spots->rows[place->row - 1] : 0;
    return spot;
}

static struct spot find_spot(const struct cell_places *places, const struct place *place)
{
    if (place->field) {
        const struct item *field = form_field(places->form, place->field);

        return field ? places->fields[field->index].value : (struct spot){0};
    }
    if (place->table)
        return find_table_cell(places, place);
    return find_member(places, place->member ? place->member : "");
}

void findings_locate(struct findings *findings, const struct cell_places *places)
{
    for (size_t i = 0; places && i < findings->count; i++) {
        struct finding *finding = &findings->items[i];

        if (finding->ref)
            continue;

        struct spot spot = find_spot(places, &finding->place);

        finding->ref = spot_ref(findings->arena, spot);
        if (finding->ref)
            finding->sheet = spot.sheet;
    }
    findings->out_of_memory = findings->out_of_memory || arena_is_short(findings->arena);
}
