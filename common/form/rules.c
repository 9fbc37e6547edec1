/* rules.c: the rules of a form, applied to its fields or to each row of a table. A rule speaks only when every
 * cell it needs holds a sound value. */
#include <stdio.h>
#include <string.h>

#include "form/document.h"

struct scope {
    const struct document *document;
    const struct rule *rule;
    const struct cell *cells;
    const struct row *row; /* NULL: the fields */
    size_t position;
    struct findings *findings;
};

static const struct cell *cell_of(const struct scope *scope, const struct item *item)
{
    return &scope->cells[item->index];
}

static bool has_value(const struct scope *scope, const struct item *item)
{
    const struct cell *cell = cell_of(scope, item);

    return cell->state == CELL_VALUE && !cell->faulty;
}

static struct place place_of(const struct scope *scope, const struct item *item)
{
    if (!scope->row)
        return (struct place){.field = item->code};
    return (struct place){.table = scope->rule->table->code,
                          .row_identity = scope->row->identity,
                          .row = scope->position,
                          .column = item->code};
}

static void speak(const struct scope *scope, const char *expected, const char *found)
{
    const struct rule *rule = scope->rule;
    const struct place place = place_of(scope, rule->subject);

    if (rule->severity == SEVERITY_EXPLAIN && document_has_note(scope->document, scope->findings->arena, place))
        return;
    findings_add(scope->findings, (struct finding){.severity = rule->severity,
                                                   .code = rule->code,
                                                   .place = place,
                                                   .label = &rule->subject->name,
                                                   .expected = expected,
                                                   .found = found,
                                                   .message = rule->message.text[LANGUAGE_ZH] ? &rule->message : NULL});
}

static const char *number_text(const struct scope *scope, struct decimal number)
{
    char text[DECIMAL_TEXT_SIZE];

    decimal_format(number, text);
    return arena_text(scope->findings->arena, text);
}

static const char *date_text(const struct scope *scope, struct date date)
{
    char text[DATE_TEXT_SIZE];

    date_format_iso(date, text);
    return arena_text(scope->findings->arena, text);
}

/* The total must equal the sum. While a part is blank or unknown, only a sum already above the total is wrong. */
static void apply_sum_equals(const struct scope *scope)
{
    const struct rule *rule = scope->rule;
    struct decimal sum = {0};
    size_t values = 0;

    if (!has_value(scope, rule->subject))
        return;
    for (size_t i = 0; i < rule->part_count; i++) {
        const struct cell *part = cell_of(scope, rule->parts[i]);

        if (part->faulty)
            return;
        if (part->state == CELL_NOT_APPLICABLE || (part->state == CELL_BLANK && rule->blank_part_is_zero))
            values++; /* nobody to count there: it adds nothing */
        if (part->state != CELL_VALUE)
            continue;
        values++;
        if (!decimal_add(sum, part->number, &sum))
            return;
    }
    struct decimal total = cell_of(scope, rule->subject)->number;
    int order = decimal_compare(sum, total);

    if (order > 0 || (order < 0 && values == rule->part_count))
        speak(scope, number_text(scope, sum), number_text(scope, total));
}

static void apply_at_most(const struct scope *scope)
{
    const struct rule *rule = scope->rule;

    if (!has_value(scope, rule->subject) || !has_value(scope, rule->other))
        return;
    struct decimal part = cell_of(scope, rule->subject)->number, whole = cell_of(scope, rule->other)->number;

    if (decimal_compare(part, whole) > 0)
        speak(scope, number_text(scope, whole), number_text(scope, part));
}

static bool is_explained(const struct scope *scope)
{
    const struct cell *reason = cell_of(scope, scope->rule->subject);

    return reason->state == CELL_VALUE || reason->faulty ||
           document_has_note(scope->document, scope->findings->arena, place_of(scope, scope->rule->subject));
}

static void apply_reason_when_positive(const struct scope *scope)
{
    const struct rule *rule = scope->rule;

    for (size_t i = 0; i < rule->part_count; i++) {
        if (has_value(scope, rule->parts[i]) && cell_of(scope, rule->parts[i])->number.coefficient > 0) {
            if (!is_explained(scope))
                speak(scope, NULL, NULL);
            return;
        }
    }
}

static void apply_in_period(const struct scope *scope)
{
    struct date first, last;

    if (!has_value(scope, scope->rule->subject) || !period_bounds(scope->document->period, &first, &last))
        return;
    struct date date = cell_of(scope, scope->rule->subject)->date;

    if (date_compare(date, first) < 0 || date_compare(date, last) > 0)
        speak(scope, arena_format(scope->findings->arena, "%s–%s", date_text(scope, first), date_text(scope, last)),
              date_text(scope, date));
}

static void apply_not_before(const struct scope *scope)
{
    const struct rule *rule = scope->rule;

    if (!has_value(scope, rule->subject) || !has_value(scope, rule->other))
        return;
    struct date later = cell_of(scope, rule->subject)->date, earlier = cell_of(scope, rule->other)->date;

    if (date_compare(later, earlier) < 0)
        speak(scope, date_text(scope, earlier), date_text(scope, later));
}

static bool holds_code(const struct scope *scope, const struct item *item, const char *code)
{
    const json_t *json = cell_of(scope, item)->json, *one;
    size_t i;

    if (!has_value(scope, item))
        return false;
    if (json_is_string(json))
        return strcmp(json_string_value(json), code) == 0;
    json_array_foreach(json, i, one)
        if (json_is_string(one) && strcmp(json_string_value(one), code) == 0)
            return true;
    return false;
}

static void apply_not_together(const struct scope *scope)
{
    const struct rule *rule = scope->rule;

    if (holds_code(scope, rule->other, rule->other_equals) && holds_code(scope, rule->subject, rule->subject_equals))
        speak(scope, arena_format(scope->findings->arena, "%s = %s", rule->other->code, rule->other_equals),
              rule->subject_equals);
}

static void apply_ratio_reason(const struct scope *scope)
{
    const struct rule *rule = scope->rule;
    struct decimal numerator, denominator;
    bool above_low = true, at_most_high = true;
    char rate[DECIMAL_TEXT_SIZE];

    if (!has_value(scope, rule->parts[0]) || !has_value(scope, rule->other))
        return;
    numerator = cell_of(scope, rule->parts[0])->number;
    denominator = cell_of(scope, rule->other)->number;
    if (!ratio_percent(numerator, denominator, rate) || !ratio_meets(numerator, denominator, rule->low, &above_low))
        return;
    /* numerator <= high % of denominator, exactly: numerator * 100 <= denominator * high, the other way round */
    struct decimal gap_over;
    bool meets_high;

    if (!ratio_meets(numerator, denominator, rule->high, &meets_high) ||
        !ratio_gap(numerator, denominator, rule->high, &gap_over))
        return;
    if (meets_high) {
        struct decimal scaled = numerator, limit = denominator;

        scaled.coefficient *= 100;
        limit.coefficient *= rule->high.coefficient;
        limit.scale += rule->high.scale;
        at_most_high = decimal_compare(scaled, limit) <= 0;
    }
    if ((above_low && at_most_high) || is_explained(scope))
        return;

    char low[DECIMAL_TEXT_SIZE], high[DECIMAL_TEXT_SIZE];

    decimal_format(rule->low, low);
    decimal_format(rule->high, high);
    speak(scope, arena_format(scope->findings->arena, "%s–%s%%", low, high), arena_text(scope->findings->arena, rate));
}

static void apply_needed(const struct scope *scope)
{
    const struct cell *cell = cell_of(scope, scope->rule->subject);

    if (cell->state == CELL_BLANK && !cell->faulty)
        speak(scope, NULL, NULL);
}

static const char *code_words(const struct scope *scope, const json_t *json)
{
    const struct item *item = scope->rule->subject;
    const struct code_entry *entry =
        item->codes && json_is_string(json) ? code_list_entry(item->codes, json_string_value(json)) : NULL;

    return entry ? entry->name.text[LANGUAGE_ZH] : json_excerpt(scope->findings->arena, json);
}

static bool is_yes(const json_t *json)
{
    return json_is_true(json) || (json_is_string(json) && strcmp(json_string_value(json), "yes") == 0);
}

static void apply_expected(const struct scope *scope)
{
    const struct rule *rule = scope->rule;
    const json_t *json = cell_of(scope, rule->subject)->json;
    bool same = json_is_boolean(rule->expected) ? is_yes(json) == json_is_true(rule->expected)
                                                : json_equal(json, rule->expected);

    if (has_value(scope, rule->subject) && !same)
        speak(scope, code_words(scope, rule->expected), code_words(scope, json));
}

/* False unless every part is a value. */
static bool add_parts(const struct scope *scope, struct decimal *ret_sum)
{
    struct decimal sum = {0};

    for (size_t i = 0; i < scope->rule->part_count; i++)
        if (!has_value(scope, scope->rule->parts[i]) ||
            !decimal_add(sum, cell_of(scope, scope->rule->parts[i])->number, &sum))
            return false;
    *ret_sum = sum;
    return true;
}

static void apply_sum_at_most(const struct scope *scope)
{
    struct decimal sum, whole = cell_of(scope, scope->rule->subject)->number;

    if (has_value(scope, scope->rule->subject) && add_parts(scope, &sum) && decimal_compare(sum, whole) > 0)
        speak(scope, number_text(scope, whole), number_text(scope, sum));
}

/* A meeting counts when more than half attend: 2 · present > members, exactly. */
static void apply_more_than_half(const struct scope *scope)
{
    struct decimal sum, twice, whole = cell_of(scope, scope->rule->subject)->number;

    if (has_value(scope, scope->rule->subject) && add_parts(scope, &sum) && decimal_add(sum, sum, &twice) &&
        decimal_compare(twice, whole) <= 0)
        speak(scope, number_text(scope, whole), number_text(scope, sum));
}

static void apply(const struct scope *scope)
{
    static void (*const kinds[])(const struct scope *) = {
        [RULE_SUM_EQUALS] = apply_sum_equals,
        [RULE_AT_MOST] = apply_at_most,
        [RULE_REASON_WHEN_POSITIVE] = apply_reason_when_positive,
        [RULE_IN_PERIOD] = apply_in_period,
        [RULE_NOT_BEFORE] = apply_not_before,
        [RULE_NOT_TOGETHER] = apply_not_together,
        [RULE_RATIO_REASON] = apply_ratio_reason,
        [RULE_NEEDED] = apply_needed,
        [RULE_EXPECTED] = apply_expected,
        [RULE_SUM_AT_MOST] = apply_sum_at_most,
        [RULE_MORE_THAN_HALF] = apply_more_than_half,
        [RULE_ELEMENT_BETWEEN] = NULL, /* of elements, see element_rules.c */
        [RULE_LEAST_SHARE] = NULL,
    };

    if (kinds[scope->rule->kind])
        kinds[scope->rule->kind](scope);
}

void rules_apply(const struct document *document, struct findings *findings)
{
    for (size_t i = 0; i < document->form->rule_count; i++) {
        const struct rule *rule = &document->form->rules[i];
        struct scope scope = {.document = document, .rule = rule, .cells = document->fields, .findings = findings};

        if (!rule->table) {
            apply(&scope);
            continue;
        }
        const struct table_rows *rows = &document->tables[rule->table->index];

        for (size_t r = 0; r < rows->row_count; r++) {
            scope.row = &rows->rows[r];
            scope.cells = scope.row->cells;
            scope.position = r + 1;
            apply(&scope);
        }
    }
    element_rules_apply(document, findings);
}
