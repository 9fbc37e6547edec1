/* section_parts.c: what the plan puts into meeting papers, part by part: budgets, training, local programmes … */
#include <string.h>

#include "pack/parts.h"

const char *part_title(const struct pack_making *making, const struct pack_table *table, int year)
{
    static const char mark[] = "{year}";
    const char *title = making_name(making, &table->title), *at = strstr(title, mark);

    if (!at)
        return title;
    return arena_format(making->arena, "%.*s%s%s", (int)(at - title), title, year_text(making, year),
                        at + sizeof mark - 1);
}

static struct period last_period(const struct pack_making *making, const struct form *form, int year)
{
    struct period periods[4] = {{0}};
    size_t count = plan_form_periods(making->question->version->plan, form, year, periods);

    return count ? periods[count - 1] : (struct period){PERIOD_YEAR, year, 0};
}

void part_is_empty(struct pack_making *making, const struct pack_table *table, int year)
{
    const char *due = due_text(making, table->form, last_period(making, table->form, year));

    say_nothing(making, arena_format(making->arena,
                                     making_say(making, "%s：本期無，截至資料時點尚無機關填報「%s」（期限%s）。",
                                                "%s: nothing yet; no office has handed in “%s” (due %s)."),
                                     part_title(making, table, year), making_name(making, &table->form->name),
                                     due ? due : NOT_KNOWN));
}

static bool tell_table(struct pack_making *making, const struct pack_table *table)
{
    const struct plan *plan = making->question->version->plan;

    for (size_t i = 0; i < table->year_count; i++) {
        int year = making->question->year + table->years[i];
        bool good;

        if (year < plan->from || year > plan->to) {
            say_nothing(making, arena_format(making->arena,
                                             making_say(making, "%s：本期無，計畫期間為%s年至%s年。",
                                                        "%s: nothing this time; the plan covers %s to %s."),
                                             part_title(making, table, year), year_text(making, plan->from),
                                             year_text(making, plan->to)));
            continue;
        }
        good = table->words ? part_of_words(making, table, year) : part_of_figures(making, table, year);
        if (!good)
            return false;
    }
    return true;
}

static bool needs_width(const struct pack_table *table)
{
    enum { MOST_FIGURES = 6, MOST_WORDS = 3 };

    return table->column_count > (table->words ? MOST_WORDS : MOST_FIGURES);
}

bool part_is_wide(const struct pack_making *making, const struct pack_table *table)
{
    const struct pack_terms *terms = making->question->version->plan->packs;
    bool wide = needs_width(table);

    for (size_t p = 0; p < terms->part_count; p++) {
        const struct pack_part *part = &terms->parts[p];

        if (table >= part->tables && table < part->tables + part->table_count)
            for (const struct pack_table *before = part->tables; before < table; before++)
                wide = wide || needs_width(before);
    }
    return wide;
}

/* Whether a part's first table stands on an upright page: then it begins one of its own. */
static bool begins_upright(const struct pack_part *part)
{
    return part->table_count > 0 && !needs_width(&part->tables[0]);
}

bool section_parts(struct pack_making *making)
{
    const struct pack_terms *terms = making->question->version->plan->packs;

    for (size_t p = 0; p < terms->part_count; p++) {
        if (begins_upright(&terms->parts[p]) && making->question->body->per != BODY_PER_OFFICE)
            paper_break(making->paper);
        paper_heading(making->paper, 1, making_name(making, &terms->parts[p].title));
        for (size_t t = 0; t < terms->parts[p].table_count; t++)
            if (!tell_table(making, &terms->parts[p].tables[t]))
                return false;
    }
    return true;
}
