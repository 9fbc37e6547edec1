/* plan.c: looking things up in a loaded plan. */
#include "plan/plan.h"

#include <string.h>

#define FIND_BY_CODE(items, count, wanted)                                                                             \
    do {                                                                                                               \
        for (size_t i = 0; i < (count); i++)                                                                           \
            if ((items)[i].code && strcmp((items)[i].code, (wanted)) == 0)                                             \
                return &(items)[i];                                                                                    \
        return NULL;                                                                                                   \
    } while (0)

const struct office *plan_office(const struct plan *plan, const char *code)
{
    FIND_BY_CODE(plan->offices, plan->office_count, code);
}

const struct form *plan_form(const struct plan *plan, const char *code)
{
    FIND_BY_CODE(plan->forms, plan->form_count, code);
}

const struct indicator *plan_indicator(const struct plan *plan, const char *code)
{
    FIND_BY_CODE(plan->indicators, plan->indicator_count, code);
}

const struct item *form_field(const struct form *form, const char *code)
{
    FIND_BY_CODE(form->fields, form->field_count, code);
}

const struct table *form_table(const struct form *form, const char *code)
{
    FIND_BY_CODE(form->tables, form->table_count, code);
}

const struct item *table_column(const struct table *table, const char *code)
{
    FIND_BY_CODE(table->columns, table->column_count, code);
}

const struct element *form_element(const struct form *form, const char *code)
{
    FIND_BY_CODE(form->elements, form->element_count, code);
}

const struct code_entry *code_list_entry(const struct code_list *list, const char *code)
{
    FIND_BY_CODE(list->entries, list->entry_count, code);
}

int plan_period_year(const struct plan *plan, struct period period)
{
    return period.kind == PERIOD_PLAN ? plan->from : period.year;
}

bool plan_has_period(const struct plan *plan, const struct form *form, struct period period)
{
    return period.kind == form->period &&
           (period.kind == PERIOD_PLAN || (period.year >= plan->from && period.year <= plan->to));
}

bool form_owed_by(const struct form *form, const struct office *office, int year)
{
    if (year < office->from || year > office->to)
        return false;
    for (size_t i = 0; i < form->owed_by_count; i++)
        if (form->owed_by[i] == office)
            return true;
    return form->owed_by_count == 0;
}

const struct target *indicator_target(const struct indicator *indicator, const struct office *office, int year)
{
    const struct target *everyone = NULL;

    for (size_t i = 0; i < indicator->target_count; i++) {
        const struct target *target = &indicator->targets[i];

        if (target->year != year)
            continue;
        if (target->office && target->office == office)
            return target;
        if (!target->office)
            everyone = target;
    }
    return everyone;
}

bool item_is_number(const struct item *item)
{
    return item->type == ITEM_COUNT || item->type == ITEM_MONEY || item->type == ITEM_DECIMAL;
}

bool severity_parse(const char *text, enum severity *ret_severity)
{
    static const char *const names[] = {"error", "explain", "warning"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], text) == 0) {
            *ret_severity = (enum severity)i;
            return true;
        }
    }
    return false;
}
