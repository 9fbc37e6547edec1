/* dues.c: the plan's side of every obligation. */
#include "obligations/dues.h"

#include <stdio.h>

enum { FORMS, PERIODS, YEARS, DATES, FIELDS, EQUALS, LEAST, ARRAY_LIMIT = 1024 * 1024 };

static void collect_form(struct dues *dues, const struct obligations_question *question, const struct form *form)
{
    const struct plan *plan = question->version->plan;
    struct period periods[4];

    for (int year = question->from_year; year <= question->to_year; year++) {
        size_t count = plan_form_periods(plan, form, year, periods);

        for (size_t i = 0; i < count; i++) {
            struct due_item item = {form, periods[i], year, {{0}, {0}, false}};

            if (calendar_due(plan, form, periods[i], &item.due))
                dues->items[dues->count++] = item;
        }
    }
}

/* An element of an array literal, quoted; NULL is null. */
static void append(struct buffer *array, const char *text)
{
    buffer_append_text(array, array->length > 1 ? "," : "");
    if (!text) {
        buffer_append_text(array, "NULL");
        return;
    }
    buffer_append_char(array, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_append_char(array, '\\');
        buffer_append_char(array, *text);
    }
    buffer_append_char(array, '"');
}

static void append_number(struct buffer *array, int number)
{
    buffer_append_format(array, "%s%d", array->length > 1 ? "," : "", number);
}

int obligation_least(const struct form *form)
{
    return form->event && form->least_events > 1 ? form->least_events : 1;
}

static void append_item(struct dues *dues, const struct due_item *item)
{
    char period[PERIOD_TEXT_SIZE], date[DATE_TEXT_SIZE];

    period_format(item->period, period);
    date_format_iso(item->due.moved, date);
    append(&dues->arrays[FORMS], item->form->code);
    append(&dues->arrays[PERIODS], period);
    append_number(&dues->arrays[YEARS], item->year);
    append(&dues->arrays[DATES], date);
    append(&dues->arrays[FIELDS], item->form->event && item->form->least_where ? item->form->least_where->code : NULL);
    append(&dues->arrays[EQUALS], item->form->event ? item->form->least_equals : NULL);
    append_number(&dues->arrays[LEAST], obligation_least(item->form));
}

bool dues_collect(struct dues *dues, const struct obligations_question *question, struct arena *arena)
{
    const struct plan *plan = question->version->plan;
    size_t years = (size_t)question->to_year - (size_t)question->from_year + 1;
    bool good;

    *dues = (struct dues){.items = arena_alloc_array(arena, plan->form_count * years * 4 + 1, sizeof *dues->items)};
    good = dues->items != NULL;
    for (size_t i = 0; good && i < plan->form_count; i++)
        if (!question->form || question->form == &plan->forms[i])
            collect_form(dues, question, &plan->forms[i]);
    for (size_t a = 0; a < DUE_ARRAYS; a++) {
        dues->arrays[a] = (struct buffer)BUFFER_WITH_LIMIT(ARRAY_LIMIT);
        buffer_append_char(&dues->arrays[a], '{');
    }
    for (size_t i = 0; good && i < dues->count; i++)
        append_item(dues, &dues->items[i]);
    for (size_t a = 0; a < DUE_ARRAYS; a++) {
        buffer_append_char(&dues->arrays[a], '}');
        good = good && !dues->arrays[a].failed;
    }
    snprintf(dues->version, sizeof dues->version, "%d", question->version->version);
    snprintf(dues->offset, sizeof dues->offset, "%d", plan->calendar.utc_offset);
    return good;
}

void dues_free(struct dues *dues)
{
    for (size_t a = 0; a < DUE_ARRAYS; a++)
        buffer_free(&dues->arrays[a]);
}
