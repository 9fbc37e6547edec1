/* prefill.c: the current revision, or what earlier periods and other forms say already. */
#include "templates/prefill.h"

#include <string.h>

#include "form/neighbours.h"
#include "revisions/neighbours_read.h"
#include "revisions/revisions.h"

/* The document of the submission's newest revision of a period; *ret_document stays NULL if there is none, or none any
 * more: of a withdrawn submission there is only the number. */
static enum db_status read_current(struct db *db, const struct prefill *prefill, struct period period,
                                   struct arena *arena, json_t **ret_document, int *ret_number)
{
    char text[PERIOD_TEXT_SIZE];
    struct revision revision;
    bool found = false;

    period_format(period, text);

    enum db_status status = revision_current(db, prefill->plan->code, prefill->form->code, prefill->office->code, text,
                                             prefill->event, arena, &found, &revision);

    if (status != DB_OK || !found)
        return status;
    *ret_number = revision.number;
    if (revision.withdrawn)
        return DB_OK;
    status = revision_document(db, &revision, ret_document);
    if (status == DB_OK)
        document_drop_erased(*ret_document);
    return status;
}

/* ---- what is carried over from an earlier period --------------------------------------------------------------------- */

static bool carries_any(const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].carry_over)
            return true;
    return false;
}

static bool form_carries(const struct form *form)
{
    for (size_t t = 0; t < form->table_count; t++)
        if (carries_any(form->tables[t].columns, form->tables[t].column_count))
            return true;
    return carries_any(form->fields, form->field_count);
}

/* The members of the items that are carried over, where they hold a value. */
static json_t *carry_items(const struct item *items, size_t count, const json_t *members)
{
    json_t *carried = json_object();

    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(members, items[i].code);

        if (items[i].carry_over && value && !json_is_null(value) && !json_is_object(value))
            json_object_set(carried, items[i].code, value);
    }
    return carried;
}

static json_t *carry_row(const struct table *table, const json_t *row)
{
    json_t *carried = carry_items(table->columns, table->column_count, row), *identity = json_object_get(row, "_row");

    if (identity)
        json_object_set(carried, "_row", identity);
    for (size_t k = 0; k < table->key_count; k++)
        json_object_set(carried, table->key[k]->code, json_object_get(row, table->key[k]->code));
    return carried;
}

/* The table's rows, as far as they are carried over; NULL if nothing is. */
static json_t *carry_rows(const struct table *table, const json_t *rows)
{
    json_t *carried;
    const json_t *row;
    size_t i;

    if (!carries_any(table->columns, table->column_count) || json_array_size(rows) == 0)
        return NULL;
    carried = json_array();
    json_array_foreach(rows, i, row)
        json_array_append_new(carried, carry_row(table, row));
    return carried;
}

static json_t *carry_document(const struct form *form, const json_t *earlier)
{
    json_t *tables = json_object();

    for (size_t t = 0; t < form->table_count; t++) {
        const struct table *table = &form->tables[t];
        json_t *rows = carry_rows(table, json_object_get(json_object_get(earlier, "tables"), table->code));

        if (rows)
            json_object_set_new(tables, table->code, rows);
    }
    return json_pack("{so so}", "fields",
                     carry_items(form->fields, form->field_count, json_object_get(earlier, "fields")), "tables",
                     tables);
}

/* The period before; false before the plan's first one. */
static bool step_back(const struct plan *plan, struct period *period)
{
    if (period->kind == PERIOD_QUARTER && period->quarter > 1) {
        period->quarter--;
        return true;
    }
    if (period->kind == PERIOD_PLAN || period->year <= plan->from)
        return false;
    period->year--;
    period->quarter = period->kind == PERIOD_QUARTER ? 4 : 0;
    return true;
}

/* An empty document, or what the latest earlier period that was reported leaves for this one. */
static enum db_status carry_over(struct db *db, const struct prefill *prefill, struct arena *arena,
                                 json_t **ret_document)
{
    struct period period = prefill->period;
    json_t *earlier = NULL;
    enum db_status status = DB_OK;
    int number;

    while (!prefill->form->event && form_carries(prefill->form) && status == DB_OK && !earlier &&
           step_back(prefill->plan, &period))
        status = read_current(db, prefill, period, arena, &earlier, &number);
    if (status == DB_OK)
        *ret_document = carry_document(prefill->form, earlier);
    json_decref(earlier);
    return status == DB_OK && !*ret_document ? DB_FAILED : status;
}

/* ---- all of it ------------------------------------------------------------------------------------------------------ */

static enum db_status add_neighbours(struct db *db, const struct prefill *prefill, struct arena *arena,
                                     json_t *document)
{
    struct neighbours neighbours = NEIGHBOURS_IN(arena);
    enum db_status status =
        neighbours_read(db, prefill->plan, prefill->form, prefill->office->code, prefill->period, &neighbours);

    if (status == DB_OK && !neighbours_prefill(&neighbours, prefill->plan, prefill->form, prefill->period, document))
        status = DB_FAILED;
    neighbours_release(&neighbours);
    return status;
}

enum db_status template_prefill(struct db *db, const struct prefill *prefill, struct arena *arena,
                                json_t **ret_document)
{
    json_t *document = NULL;
    int number = 0;
    enum db_status status = DB_OK;

    if (!prefill->form->event || prefill->event)
        status = read_current(db, prefill, prefill->period, arena, &document, &number);
    if (status == DB_OK && !document) {
        status = carry_over(db, prefill, arena, &document);
        if (status == DB_OK)
            status = add_neighbours(db, prefill, arena, document);
    }
    if (status == DB_OK && number > 0)
        json_object_set_new(document, "base", json_integer(number));
    if (status == DB_OK)
        *ret_document = document;
    else
        json_decref(document);
    return status;
}
