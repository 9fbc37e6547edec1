/* collect.c: asking for the figures of a year. */
#include "open_data/collect.h"

#include <string.h>

#include "figures/figures.h"

const char *const level_names[LEVEL_COUNT] = {"office", "group", "city"};

size_t column_of(const struct collected_form *form, size_t part, const struct element *element)
{
    return form->first_column + part * form->form->element_count + element->index;
}

/* By code: the terms may be those of a later version of the plan. */
static bool is_published(const struct open_data_terms *terms, const struct form *form)
{
    for (size_t i = 0; i < terms->form_count; i++)
        if (strcmp(terms->forms[i]->code, form->code) == 0)
            return form->period != PERIOD_PLAN;
    return false;
}

static void list_forms(struct collection *collection)
{
    const struct plan *plan = collection->release->version->plan;
    int year = collection->release->year;

    for (size_t i = 0; i < plan->form_count; i++) {
        struct collected_form form = {.form = &plan->forms[i]};

        if (!is_published(collection->release->terms, form.form) || form.form->element_count == 0)
            continue;
        if (form.form->period == PERIOD_QUARTER)
            for (; form.part_count < MOST_PARTS; form.part_count++)
                form.periods[form.part_count] = (struct period){PERIOD_QUARTER, year, (int)form.part_count + 1};
        else
            form.part_count = 1;
        form.periods[form.part_count == 1 ? 0 : form.part_count] = (struct period){PERIOD_YEAR, year, 0};
        collection->forms[collection->form_count++] = form;
    }
}

static enum db_status ask_form(struct db *db, struct figures_question *question, struct collected_form *form)
{
    size_t periods = form->part_count == 1 ? 1 : form->part_count + 1;
    enum db_status status = DB_OK;

    for (size_t period = 0; period < periods; period++)
        for (size_t level = 0; level < LEVEL_COUNT && status == DB_OK; level++) {
            question->level = level_names[level];
            status = figures_rollup(db, question, form->form, form->periods[period], &form->rollups[period][level]);
        }
    return status;
}

enum db_status collect_figures(struct db *db, const struct release *release, struct arena *arena,
                               struct collection *ret_collection)
{
    struct figures_question question = {
        .version = release->version, .basis = release->terms->basis, .as_of = &release->moment};
    enum db_status status = DB_OK;

    *ret_collection = (struct collection){.release = release, .arena = arena};
    ret_collection->forms =
        arena_alloc_array(arena, release->version->plan->form_count + 1, sizeof *ret_collection->forms);
    if (!ret_collection->forms)
        return DB_FAILED;
    list_forms(ret_collection);
    for (size_t i = 0; i < ret_collection->form_count && status == DB_OK; i++)
        status = ask_form(db, &question, &ret_collection->forms[i]);
    for (size_t level = 0; level < LEVEL_COUNT && status == DB_OK; level++) {
        question.level = level_names[level];
        status = figures_indicators(db, &question, release->year, &ret_collection->indicators[level]);
    }
    return status;
}

void collection_release(struct collection *collection)
{
    for (size_t i = 0; i < collection->form_count; i++)
        for (size_t period = 0; period <= MOST_PARTS; period++)
            for (size_t level = 0; level < LEVEL_COUNT; level++)
                json_decref(collection->forms[i].rollups[period][level]);
    for (size_t level = 0; level < LEVEL_COUNT; level++)
        json_decref(collection->indicators[level]);
}
