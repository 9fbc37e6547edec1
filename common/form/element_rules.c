/* element_rules.c: the rules that speak of a document as a whole: how many rows there are of a kind, and in what share. */
#include "form/document.h"

struct element_scope {
    const struct document *document;
    const struct rule *rule;
    const struct element_value *values; /* of all elements of the form */
    struct findings *findings;
};

/* A table without rows is no roster: nothing is said about its composition. */
static bool sum_elements(const struct element_scope *scope, struct decimal *ret_least, struct decimal *ret_sum)
{
    struct decimal sum = {0}, least = {0};

    for (size_t i = 0; i < scope->rule->element_count; i++) {
        const struct element_value *value = &scope->values[scope->rule->elements[i]->index];

        if (value->state != CELL_VALUE || !decimal_add(sum, value->value, &sum))
            return false;
        if (i == 0 || decimal_compare(value->value, least) < 0)
            least = value->value;
    }
    *ret_least = least;
    *ret_sum = sum;
    return true;
}

static struct place place_of(const struct element *element)
{
    if (element->field)
        return (struct place){.field = element->field->code};
    return (struct place){.table = element->table->code};
}

static void speak(const struct element_scope *scope, const char *expected, const char *found)
{
    const struct rule *rule = scope->rule;
    const struct element *element = rule->elements[0];
    const struct place place = place_of(element);

    if (rule->severity == SEVERITY_EXPLAIN && document_has_note(scope->document, scope->findings->arena, place))
        return;
    findings_add(scope->findings, (struct finding){.severity = rule->severity,
                                                   .code = rule->code,
                                                   .place = place,
                                                   .label = &element->name,
                                                   .expected = expected,
                                                   .found = found,
                                                   .message = rule->message.text[LANGUAGE_ZH] ? &rule->message : NULL});
}

static const char *range_text(struct arena *arena, const struct rule *rule)
{
    char low[DECIMAL_TEXT_SIZE], high[DECIMAL_TEXT_SIZE];

    decimal_format(rule->low, low);
    decimal_format(rule->high, high);
    return decimal_compare(rule->low, rule->high) == 0 ? arena_text(arena, low)
                                                       : arena_format(arena, "%s–%s", low, high);
}

static void apply_between(const struct element_scope *scope)
{
    struct decimal least, sum;
    char found[DECIMAL_TEXT_SIZE];

    if (!sum_elements(scope, &least, &sum) ||
        (decimal_compare(sum, scope->rule->low) >= 0 && decimal_compare(sum, scope->rule->high) <= 0))
        return;
    decimal_format(sum, found);
    speak(scope, range_text(scope->findings->arena, scope->rule), arena_text(scope->findings->arena, found));
}

static struct decimal times(struct decimal number, int factor)
{
    number.coefficient *= factor; /* can't overflow: a sum of at most 2^20 rows, a factor of at most 1,000 */
    return number;
}

/* share_in · least ≥ share_of · sum, exactly. */
static void apply_least_share(const struct element_scope *scope)
{
    const struct rule *rule = scope->rule;
    struct arena *arena = scope->findings->arena;
    struct decimal least, sum;
    char least_text[DECIMAL_TEXT_SIZE], sum_text[DECIMAL_TEXT_SIZE];

    if (!sum_elements(scope, &least, &sum) || sum.coefficient == 0 || sum.coefficient > INT32_MAX ||
        decimal_compare(times(least, rule->share_in), times(sum, rule->share_of)) >= 0)
        return;
    decimal_format(least, least_text);
    decimal_format(sum, sum_text);
    speak(scope, arena_format(arena, "%d/%d", rule->share_of, rule->share_in),
          arena_format(arena, "%s/%s", least_text, sum_text));
}

void element_rules_apply(const struct document *document, struct findings *findings)
{
    const struct form *form = document->form;
    struct element_scope scope = {.document = document, .findings = findings};

    for (size_t i = 0; i < form->rule_count; i++) {
        scope.rule = &form->rules[i];
        if (scope.rule->element_count == 0)
            continue;
        if (!scope.values)
            scope.values = document_elements(document, findings->arena);
        if (!scope.values) {
            findings->out_of_memory = true;
            return;
        }
        if (scope.rule->kind == RULE_LEAST_SHARE)
            apply_least_share(&scope);
        else
            apply_between(&scope);
    }
}
