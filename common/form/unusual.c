/* unusual.c: unusual changes as findings, and in words. */
#include <string.h>

#include "form/comparison.h"

const char *unusual_name(enum unusual unusual)
{
    static const char *const names[] = {
        [UNUSUAL_NOT] = NULL,
        [UNUSUAL_ROSE] = "rose",
        [UNUSUAL_FELL] = "fell",
        [UNUSUAL_BECAME_ZERO] = "became_zero",
        [UNUSUAL_WAS_ZERO] = "was_zero",
        [UNUSUAL_BECAME_BLANK] = "became_blank",
    };

    return names[unusual];
}

const char *unusual_words(struct arena *arena, enum unusual unusual, const struct unusual_rule *rule,
                          enum language language)
{
    static const struct name words[] = {
        [UNUSUAL_NOT] = {{"", ""}},
        [UNUSUAL_ROSE] = {{"增加達 ", "rose by at least "}},
        [UNUSUAL_FELL] = {{"減少達 ", "fell by at least "}},
        [UNUSUAL_BECAME_ZERO] = {{"歸零", "fell to zero"}},
        [UNUSUAL_WAS_ZERO] = {{"由零起增", "rose from zero"}},
        [UNUSUAL_BECAME_BLANK] = {{"原有數值，本期空白", "blank where there was a value"}},
    };
    const char *begin = words[unusual].text[language];
    char rate[DECIMAL_TEXT_SIZE];

    if (unusual != UNUSUAL_ROSE && unusual != UNUSUAL_FELL)
        return begin;
    decimal_format(rule->rate, rate);
    return arena_format(arena, "%s%s%%", begin, rate);
}

/* The sentence for a person. A figure that became blank has none to tell. */
static const struct name *wording(enum reference reference, enum unusual unusual)
{
    static const struct name changed[REFERENCE_COUNT] = {
        [REFERENCE_LAST_YEAR] = {{"「{label}」去年同期為 {expected}，本期為 {found}，變動異常，請確認",
                                  "{label}: {expected} a year ago, {found} now, an unusual change: please check"}},
        [REFERENCE_PREVIOUS] =
            {{"「{label}」前一期為 {expected}，本期為 {found}，變動異常，請確認",
              "{label}: {expected} the period before, {found} now, an unusual change: please check"}},
        [REFERENCE_GIVEN] = {{"「{label}」由 {expected} 變為 {found}，變動異常，請確認",
                              "{label} went from {expected} to {found}, an unusual change: please check"}},
    };
    static const struct name blank[REFERENCE_COUNT] = {
        [REFERENCE_LAST_YEAR] = {{"「{label}」去年同期為 {expected}，本期空白，請確認",
                                  "{label}: {expected} a year ago, blank now: please check"}},
        [REFERENCE_PREVIOUS] = {{"「{label}」前一期為 {expected}，本期空白，請確認",
                                 "{label}: {expected} the period before, blank now: please check"}},
        [REFERENCE_GIVEN] = {{"「{label}」原為 {expected}，本期空白，請確認",
                              "{label} was {expected} and is blank now: please check"}},
    };

    return unusual == UNUSUAL_BECAME_BLANK ? &blank[reference] : &changed[reference];
}

static const char *value_text(struct arena *arena, const struct element_value *value)
{
    char text[DECIMAL_TEXT_SIZE];

    if (value->state != CELL_VALUE)
        return NULL;
    decimal_format(value->value, text);
    return arena_text(arena, text);
}

static bool is_faulty(const struct table_rows *rows, size_t row, const struct item *column)
{
    return rows->rows[row].cells[column->index].faulty;
}

/* A cell with an error of its own says nothing of a change, nor does a sum with such a cell in it. */
static bool is_sound(const struct document *document, const struct compared *line)
{
    const struct table *table = line->place.table ? form_table(document->form, line->place.table) : NULL;

    if (line->place.field)
        return !document->fields[line->item->index].faulty;
    if (!table || !line->item)
        return true;

    const struct table_rows *rows = &document->tables[table->index];

    if (!line->element)
        return line->place.row == 0 || !is_faulty(rows, line->place.row - 1, line->item);
    for (size_t i = 0; i < rows->row_count; i++)
        if (is_faulty(rows, i, line->item))
            return false;
    return true;
}

/* The first element of a table that was left out speaks for all of it. */
static bool is_told(const struct document *document, const struct compared *lines, size_t index)
{
    const struct element *element = lines[index].element;

    if (!element || !element->table || document->tables[element->table->index].declared)
        return false;
    for (size_t i = 0; i < index; i++)
        if (lines[i].unusual != UNUSUAL_NOT && lines[i].element && lines[i].element->table == element->table)
            return true;
    return false;
}

void comparison_check(const struct document *document, const struct document *earlier, enum reference reference,
                      struct findings *findings)
{
    size_t count = 0;
    const struct compared *lines = documents_compare(document, earlier, reference, findings->arena, &count);

    if (!lines)
        findings->out_of_memory = true;
    for (size_t i = 0; lines && i < count; i++) {
        const struct compared *line = &lines[i];

        if (line->unusual == UNUSUAL_NOT || !is_sound(document, line) || is_told(document, lines, i))
            continue;
        findings_add(findings, (struct finding){.severity = SEVERITY_WARNING,
                                                .code = FINDING_unusual_change,
                                                .place = line->place,
                                                .label = line->name,
                                                .expected = value_text(findings->arena, &line->earlier),
                                                .found = value_text(findings->arena, &line->now),
                                                .message = wording(reference, line->unusual)});
    }
}
