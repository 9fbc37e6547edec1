/* section_duties.c: which yearly duties of the offices are done; under the heading of section_rules.c. */
#include <string.h>

#include "base/json.h"
#include "body/watch.h"
#include "pack/figures.h"

static const char *duty_text(const struct pack_making *making, const json_t *duty)
{
    static const struct {
        const char *state, *zh, *en;
    } words[] = {{"done", "完成", "done"},
                 {"missed", "未完成", "missed"},
                 {"open", "辦理中", "open"},
                 {"not_yet_due", "未到期", "not yet due"}};
    const json_t *gap = json_object_get(duty, "gap");
    const char *text = NOT_KNOWN;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(json_text_member(duty, "state"), words[i].state) == 0)
            text = making_say(making, words[i].zh, words[i].en);
    if (json_is_integer(gap) && json_integer_value(gap) > 0)
        return arena_format(making->arena, making_say(making, "%s\n差%d人", "%s\n%d short"), text,
                            (int)json_integer_value(gap));
    return text;
}

static struct paper_table *duty_table(const struct pack_making *making, int year)
{
    const struct plan_bodies *bodies = making->question->version->plan->bodies;
    struct paper_column columns[PAPER_MOST_COLUMNS] = {{making_say(making, "機關", "Office"), NULL, PAPER_WORDS,
                                                        PAPER_AS_HELD,
                                                        making->question->language == LANGUAGE_ZH ? 12 : 19}};
    size_t count = 1;

    for (size_t i = 0; i < bodies->duty_count && count < PAPER_MOST_COLUMNS; i++)
        columns[count++] = (struct paper_column){making_name(making, &bodies->duties[i].name), NULL, PAPER_WORDS,
                                                 PAPER_CENTRE, making->question->language == LANGUAGE_ZH ? 10 : 15};
    return paper_table(making->paper,
                       arena_format(making->arena, making_say(making, "%s年度應辦事項辦理情形", "Yearly duties of %s"),
                                    year_text(making, year)),
                       columns, count, true);
}

static void duty_row(struct pack_making *making, struct paper_table *table, const struct pack_unit *unit,
                     const json_t *list)
{
    const struct plan_bodies *bodies = making->question->version->plan->bodies;
    const char *texts[PAPER_MOST_COLUMNS] = {unit->name};
    size_t count = 1;

    for (size_t i = 0; i < bodies->duty_count && count < PAPER_MOST_COLUMNS; i++) {
        const json_t *one, *source;
        size_t d, s;

        texts[count] = NOT_KNOWN;
        json_array_foreach(list, d, one) {
            if (strcmp(json_text_member(one, "office"), unit->code) != 0 ||
                strcmp(json_text_member(one, "duty"), bodies->duties[i].code) != 0)
                continue;
            texts[count] = duty_text(making, one);
            json_array_foreach(json_object_get(one, "sources"), s, source)
                making_source(making, "revision", json_text_member(source, "submission"),
                              json_pack("{ss ss sO sO}", "office", unit->code, "form", bodies->duties[i].form->code,
                                        "period", json_object_get(source, "period"), "number",
                                        json_object_get(source, "revision")));
        }
        count++;
    }
    paper_row(table, PAPER_ROW_PLAIN, texts);
}

static bool tell_duties(struct pack_making *making, int year)
{
    const struct pack_question *question = making->question;
    const struct duties_question asked = {.version = question->version,
                                          .year = year,
                                          .office = question->body->per == BODY_PER_OFFICE ? question->unit : NULL,
                                          .basis = question->basis,
                                          .now = question->as_of,
                                          .as_of = &question->as_of};
    struct pack_units units = units_of(making, year, false);
    struct paper_table *table;
    json_t *list = NULL;
    enum db_status status = watch_duties(making->db, &asked, making->arena, &list);

    if (status != DB_OK)
        return making_failed(making, status);
    table = duty_table(making, year);
    for (size_t i = 0; i < units.count; i++) {
        if (units.units[i].kind == UNIT_HEADING)
            paper_row(table, PAPER_ROW_GROUP, &units.units[i].name);
        else if (units.units[i].kind == UNIT_OFFICE)
            duty_row(making, table, &units.units[i], list);
    }
    making_note(making, table,
                making_say(making, "「差n人」為該事項尚未完成之人數；「辦理中」為期限未屆。",
                           "“n short”: people for whom the duty isn’t done. “Open”: its day hasn’t come yet."));
    json_decref(list);
    return true;
}

bool section_duties(struct pack_making *making)
{
    const struct plan *plan = making->question->version->plan;
    int year = making->question->year;

    for (int one = year - 1; one <= year; one++)
        if (one >= plan->from && one <= plan->to && plan->bodies->duty_count && !tell_duties(making, one))
            return false;
    return true;
}
