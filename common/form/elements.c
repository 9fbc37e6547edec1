/* elements.c: the measures a document yields. */
#include <string.h>

#include "form/document.h"

static bool row_matches(const struct element *element, const struct row *row)
{
    if (!element->where)
        return true;

    const struct cell *cell = &row->cells[element->where->index];

    if (cell->state != CELL_VALUE)
        return false;
    if (element->where->type == ITEM_BOOLEAN) {
        bool yes = json_is_true(cell->json) ||
                   (json_is_string(cell->json) && strcmp(json_string_value(cell->json), "yes") == 0);

        return yes == json_is_true(element->equals);
    }
    return json_equal(cell->json, element->equals);
}

/* A column sum with a not-yet cell in it is not yet known as a whole; blank and not-applicable cells add nothing;
 * rows without any value are blank, or not applicable if every one of them is. */
static struct element_value sum_rows(const struct element *element, const struct table_rows *rows)
{
    struct decimal sum = {0};
    size_t rows_seen = 0, values = 0, not_applicable = 0;

    for (size_t i = 0; i < rows->row_count; i++) {
        if (!row_matches(element, &rows->rows[i]))
            continue;
        rows_seen++;
        if (!element->sum)
            continue;

        const struct cell *cell = &rows->rows[i].cells[element->sum->index];

        if (cell->state == CELL_NOT_YET)
            return (struct element_value){.state = CELL_NOT_YET};
        not_applicable += cell->state == CELL_NOT_APPLICABLE;
        if (cell->state == CELL_VALUE) {
            values++;
            /* can't overflow: at most 2^20 cells of at most 2^53, with at most 9 decimals */
            decimal_add(sum, cell->number, &sum);
        }
    }
    if (!element->sum)
        return (struct element_value){CELL_VALUE, decimal_from_int((int64_t)rows_seen)};
    if (values > 0 || rows_seen == 0)
        return (struct element_value){CELL_VALUE, sum};
    return (struct element_value){.state = not_applicable == rows_seen ? CELL_NOT_APPLICABLE : CELL_BLANK};
}

struct element_value *document_elements(const struct document *document, struct arena *arena)
{
    const struct form *form = document->form;
    struct element_value *values = arena_alloc_array(arena, form->element_count + 1, sizeof *values);

    for (size_t i = 0; values && i < form->element_count; i++) {
        const struct element *element = &form->elements[i];

        if (element->field) {
            const struct cell *cell = &document->fields[element->field->index];

            values[i] = (struct element_value){cell->state, cell->number};
        } else if (document->tables[element->table->index].declared) {
            values[i] = sum_rows(element, &document->tables[element->table->index]);
        }
    }
    return values;
}
