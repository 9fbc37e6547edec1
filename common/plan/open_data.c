/* open_data.c: reading the terms of publication from a plan file. */
#include "plan/open_data.h"

#include <stdio.h>
#include <string.h>

#include "plan/reader.h"

enum { SMALLEST_LEAST = 2, SMALLEST_MOST = 1000, MOST_YEARS_LATER = 9 };

static void read_licence(struct plan_reader *reader, const json_t *root, struct open_data_terms *terms)
{
    const json_t *json = json_object_get(root, "licence");
    size_t mark = reader_enter_key(reader, "licence");

    if (reader_check_members(reader, json, "code", "name", "url", NULL)) {
        terms->licence = reader_text(reader, json, "code", true);
        terms->licence_name = reader_name(reader, json, "name", true);
        terms->licence_url = reader_text(reader, json, "url", true);
    }
    reader_leave(reader, mark);
}

/* The day is one that every year has. */
static void read_release(struct plan_reader *reader, const json_t *root, struct open_data_terms *terms)
{
    const json_t *json = json_object_get(root, "release");
    size_t mark = reader_enter_key(reader, "release");

    if (reader_check_members(reader, json, "year_offset", "month", "day", NULL)) {
        terms->year_offset = reader_int(reader, json, "year_offset", true, 1, 1, MOST_YEARS_LATER);
        terms->month = reader_int(reader, json, "month", true, 1, 1, 12);
        terms->day = reader_int(reader, json, "day", true, 1, 1, 31);
        if (!date_is_valid((struct date){2023, terms->month, terms->day}))
            reader_fault(reader, "day", "is no day of every year");
    }
    reader_leave(reader, mark);
}

static void read_units(struct plan_reader *reader, const json_t *root, struct open_data_terms *terms)
{
    const json_t *list = reader_array(reader, root, "units", true), *item;
    size_t mark = reader_enter_key(reader, "units"), i;

    terms->units = reader_alloc(reader, json_array_size(list), sizeof *terms->units);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (!json_is_string(item))
            reader_fault(reader, NULL, "must be the name of a unit");
        else if (terms->units)
            terms->units[terms->unit_count++] = json_string_value(item);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_published_forms(struct plan_reader *reader, const json_t *root, struct open_data_terms *terms)
{
    const json_t *list = reader_array(reader, root, "forms", true), *item;
    size_t mark = reader_enter_key(reader, "forms"), i;

    terms->forms = reader_alloc(reader, json_array_size(list), sizeof *terms->forms);
    json_array_foreach(list, i, item) {
        const char *code = json_string_value(item);
        const struct form *form = code ? plan_form(reader->plan, code) : NULL;
        size_t here = reader_enter_index(reader, i);

        if (!form)
            reader_fault(reader, NULL, "no form has the code '%s'", code ? code : "?");
        else if (form->period == PERIOD_PLAN)
            reader_fault(reader, NULL, "is a form of the whole plan, not of a year");
        else if (terms->forms)
            terms->forms[terms->form_count++] = form;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_notes(struct plan_reader *reader, const json_t *root, struct open_data_terms *terms)
{
    const json_t *list = reader_array(reader, root, "notes", false), *item;
    size_t mark = reader_enter_key(reader, "notes"), i;

    terms->notes = reader_alloc(reader, json_array_size(list), sizeof *terms->notes);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (terms->notes && reader_check_members(reader, item, "text", NULL))
            terms->notes[terms->note_count++] = reader_name(reader, item, "text", true);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

void read_open_data(struct plan_reader *reader, const json_t *root)
{
    const json_t *json = json_object_get(root, "open_data");
    struct open_data_terms *terms;
    size_t mark;

    if (!json || !(terms = reader_alloc(reader, 1, sizeof *terms)))
        return;
    mark = reader_enter_key(reader, "open_data");
    if (reader_check_members(reader, json, "title", "description", "publisher", "contact", "update_frequency",
                             "licence", "basis", "smallest", "release", "units", "forms", "notes", NULL)) {
        terms->title = reader_name(reader, json, "title", true);
        terms->description = reader_name(reader, json, "description", true);
        terms->publisher = reader_name(reader, json, "publisher", true);
        terms->contact = reader_name(reader, json, "contact", true);
        terms->update_frequency = reader_name(reader, json, "update_frequency", true);
        terms->smallest = reader_int(reader, json, "smallest", true, SMALLEST_LEAST, SMALLEST_LEAST, SMALLEST_MOST);
        terms->basis = reader_text(reader, json, "basis", true);
        if (terms->basis && strcmp(terms->basis, "latest") != 0 && strcmp(terms->basis, "official") != 0)
            reader_fault(reader, "basis", "must be 'latest' or 'official'");
        read_licence(reader, json, terms);
        read_release(reader, json, terms);
        read_units(reader, json, terms);
        read_published_forms(reader, json, terms);
        read_notes(reader, json, terms);
        reader->plan->open_data = terms;
    }
    reader_leave(reader, mark);
}

bool open_data_counts_persons(const struct open_data_terms *terms, const struct element *element)
{
    const struct item *item = element->field ? element->field : element->sum;

    for (size_t i = 0; item && item->type == ITEM_COUNT && item->unit && i < terms->unit_count; i++)
        if (strcmp(terms->units[i], item->unit) == 0)
            return true;
    return false;
}

timestamp open_data_moment(const struct open_data_terms *terms, int year)
{
    char text[64];
    timestamp moment = 0;

    snprintf(text, sizeof text, "%04d-%02d-%02dT23:59:59.999999+08:00", year + ROC_EPOCH + terms->year_offset,
             terms->month, terms->day);
    timestamp_parse(text, &moment);
    return moment;
}
