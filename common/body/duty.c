/* duty.c: sums of facts, and what they come to. */
#include "body/duty.h"

#include <string.h>

static size_t add_elements(const struct element *const *elements, size_t count, const struct element **to, size_t used)
{
    for (size_t i = 0; i < count && used < DUTY_ELEMENTS_MOST; i++)
        to[used++] = elements[i];
    return used;
}

static size_t add_field(const struct form *form, const struct item *field, const struct element **to, size_t used)
{
    const struct element *element = form_element(form, field->code);

    return element && used < DUTY_ELEMENTS_MOST ? (to[used] = element, used + 1) : used;
}

size_t duty_elements(const struct yearly_duty *duty, const struct element *ret_elements[static DUTY_ELEMENTS_MOST])
{
    size_t used = 0;

    if (duty->kind == DUTY_MEETINGS) {
        const struct stage *stage = duty->body->stage;

        used = add_field(duty->form, stage->members, ret_elements, used);
        for (size_t i = 0; i < stage->present_count; i++)
            used = add_field(duty->form, stage->present[i], ret_elements, used);
        return used;
    }
    used = add_elements(duty->ratio.numerator, duty->ratio.numerator_count, ret_elements, used);
    return add_elements(duty->ratio.denominator, duty->ratio.denominator_count, ret_elements, used);
}

/* False if one of them has no value. */
static bool add_values(const char *const *values, size_t count, struct decimal *sum)
{
    for (size_t i = 0; i < count; i++) {
        struct decimal value;

        if (!values[i] || !decimal_parse(values[i], &value) || !decimal_add(*sum, value, sum))
            return false;
    }
    return true;
}

/* Whether it is one of the meetings that are asked for, and counts. */
static bool meeting_counts(const struct yearly_duty *duty, const struct duty_fact *fact)
{
    struct decimal members = {0}, present = {0};

    if (duty->equals && (!fact->says || strcmp(fact->says, duty->equals) != 0))
        return false;
    return add_values(fact->values, 1, &members) &&
           add_values(fact->values + 1, duty->body->stage->present_count, &present) &&
           decimal_add(present, present, &present) && decimal_compare(present, members) > 0;
}

static struct duty_figures count_so_many(const struct yearly_duty *duty, const struct duty_fact *facts, size_t count)
{
    struct duty_figures figures = {.known = count > 0, .denominator = decimal_from_int(duty->least)};

    for (size_t i = 0; i < count; i++) {
        if (duty->kind == DUTY_COUNT)
            figures.known =
                add_values(facts[i].values, duty->ratio.numerator_count, &figures.numerator) && figures.known;
        else if (meeting_counts(duty, &facts[i]))
            (void)decimal_add(figures.numerator, decimal_from_int(1), &figures.numerator);
    }
    figures.done = decimal_compare(figures.numerator, figures.denominator) >= 0;
    return figures;
}

static struct duty_figures count_everyone(const struct yearly_duty *duty, const struct duty_fact *facts, size_t count)
{
    const struct ratio *ratio = &duty->ratio;
    struct duty_figures figures = {.known = count > 0};

    for (size_t i = 0; i < count; i++)
        figures.known =
            add_values(facts[i].values, ratio->numerator_count, &figures.numerator) &&
            add_values(facts[i].values + ratio->numerator_count, ratio->denominator_count, &figures.denominator) &&
            figures.known;
    figures.done = figures.known && decimal_compare(figures.numerator, figures.denominator) >= 0;
    return figures;
}

static struct duty_figures count_who_says(const struct duty_fact *facts, size_t count)
{
    struct duty_figures figures = {.denominator = decimal_from_int(1)};

    for (size_t i = 0; i < count; i++) {
        figures.known = figures.known || facts[i].says;
        figures.done = figures.done || (facts[i].says && strcmp(facts[i].says, "true") == 0);
    }
    figures.numerator = decimal_from_int(figures.done);
    return figures;
}

struct duty_figures duty_judge(const struct yearly_duty *duty, const struct duty_fact *facts, size_t count)
{
    switch (duty->kind) {
    case DUTY_EVERYONE: return count_everyone(duty, facts, count);
    case DUTY_SAYS: return count_who_says(facts, count);
    default: return count_so_many(duty, facts, count);
    }
}

enum duty_state duty_state_at(const struct plan *plan, int year, timestamp due_end, bool done, timestamp now)
{
    struct date first = {year + ROC_EPOCH, 1, 1};

    if (done)
        return DUTY_DONE;
    if (now >= due_end)
        return DUTY_MISSED;
    return date_compare(calendar_day_of(&plan->calendar, now), first) >= 0 ? DUTY_OPEN : DUTY_NOT_YET_DUE;
}

const char *duty_state_word(enum duty_state state)
{
    static const char *const words[] = {"not_yet_due", "open", "done", "missed"};

    return words[state];
}
