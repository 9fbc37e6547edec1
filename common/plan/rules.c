/* rules.c: the rules of a form, each kind described by one row of a table. */
#include <stdlib.h>
#include <string.h>

#include "plan/form_reader.h"

/* What the members of each kind are called, and which item types they may name. */
struct rule_shape {
    const char *kind;
    enum rule_kind id;
    const char *default_code;
    const char *subject, *other, *parts; /* member names; NULL: the kind has none */
    bool subject_number, subject_date, parts_list;
    bool of_elements; /* speaks of the form's elements, not of its cells */
};

static const struct rule_shape shapes[] = {
    {"sum_equals", RULE_SUM_EQUALS, "sum_mismatch", "total", NULL, "parts", true, false, true, false},
    {"at_most", RULE_AT_MOST, "exceeds_whole", "part", "whole", NULL, true, false, false, false},
    {"reason_when_positive", RULE_REASON_WHEN_POSITIVE, "reason_missing", "reason", NULL, "any", false, false, true,
     false},
    {"in_period", RULE_IN_PERIOD, "date_outside_period", "date", NULL, NULL, false, true, false, false},
    {"not_before", RULE_NOT_BEFORE, "date_order", "later", "earlier", NULL, false, true, false, false},
    {"not_together", RULE_NOT_TOGETHER, "combination_refused", "second", "first", NULL, false, false, false, false},
    {"ratio_reason", RULE_RATIO_REASON, "ratio_unexplained", "reason", "denominator", "numerator", false, false, false,
     false},
    {.kind = "needed", .id = RULE_NEEDED, .default_code = "value_missing", .subject = "value"},
    {.kind = "expected", .id = RULE_EXPECTED, .default_code = "value_unexpected", .subject = "value"},
    {"sum_at_most", RULE_SUM_AT_MOST, "sum_exceeds_whole", "whole", NULL, "parts", true, false, true, false},
    {"more_than_half", RULE_MORE_THAN_HALF, "half_not_exceeded", "whole", NULL, "parts", true, false, true, false},
    {.kind = "element_between",
     .id = RULE_ELEMENT_BETWEEN,
     .default_code = "element_out_of_range",
     .of_elements = true},
    {.kind = "least_share", .id = RULE_LEAST_SHARE, .default_code = "share_too_low", .of_elements = true},
};

static const struct rule_shape *find_shape(struct plan_reader *reader, const json_t *json)
{
    const char *kind = reader_text(reader, json, "kind", true);

    for (size_t i = 0; kind && i < sizeof shapes / sizeof *shapes; i++)
        if (strcmp(shapes[i].kind, kind) == 0)
            return &shapes[i];
    if (kind)
        reader_fault(reader, "kind", "no kind of rule is called '%s'", kind);
    return NULL;
}

static const struct item *find_item(struct plan_reader *reader, const struct form *form, const struct table *table,
                                    const char *code)
{
    const struct item *item = !code ? NULL : table ? table_column(table, code) : form_field(form, code);

    if (code && !item)
        reader_fault(reader, NULL, table ? "the table has no column '%s'" : "the form has no field '%s'", code);
    return item;
}

static const struct item *read_item_name(struct plan_reader *reader, const json_t *json, const char *key,
                                         const struct form *form, const struct table *table)
{
    const char *code = reader_text(reader, json, key, true);
    size_t mark = reader_enter_key(reader, key);
    const struct item *item = find_item(reader, form, table, code);

    reader_leave(reader, mark);
    return item;
}

/* {"column","equals"}: a coded column and one of its codes. */
static const struct item *read_condition(struct plan_reader *reader, const json_t *json, const char *key,
                                         const struct form *form, const struct table *table, const char **ret_equals)
{
    const json_t *condition = json_object_get(json, key);
    size_t mark = reader_enter_key(reader, key);
    const struct item *item = NULL;

    if (!condition)
        reader_fault(reader, NULL, "is missing");
    else if (reader_check_members(reader, condition, "column", "equals", NULL)) {
        item = read_item_name(reader, condition, "column", form, table);
        *ret_equals = reader_text(reader, condition, "equals", true);
        if (item && item->type != ITEM_CODE && item->type != ITEM_CODES)
            reader_fault(reader, "column", "'%s' holds no codes", item->code);
        else if (item && *ret_equals && !code_list_entry(item->codes, *ret_equals))
            reader_fault(reader, "equals", "'%s' is not a code of that column", *ret_equals);
    }
    reader_leave(reader, mark);
    return item;
}

static void read_parts(struct plan_reader *reader, const json_t *json, const char *key, const struct form *form,
                       struct rule *rule)
{
    const json_t *list = reader_array(reader, json, key, true), *item;
    size_t mark = reader_enter_key(reader, key), i;

    rule->parts = reader_alloc(reader, json_array_size(list), sizeof *rule->parts);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const struct item *part = find_item(reader, form, rule->table, json_string_value(item));

        if (!json_is_string(item))
            reader_fault(reader, NULL, "must be a text");
        else if (part && !item_is_number(part))
            reader_fault(reader, NULL, "'%s' holds no numbers", part->code);
        else if (part && rule->parts)
            rule->parts[rule->part_count++] = part;
        reader_leave(reader, here);
    }
    if (list && json_array_size(list) == 0)
        reader_fault(reader, NULL, "must not be empty");
    reader_leave(reader, mark);
}

static void read_severity(struct plan_reader *reader, const json_t *json, struct rule *rule)
{
    const char *text = reader_text(reader, json, "severity", true);

    if (text && !severity_parse(text, &rule->severity))
        reader_fault(reader, "severity", "must be \"error\", \"explain\" or \"warning\"");
}

static void read_limits(struct plan_reader *reader, const json_t *json, struct rule *rule)
{
    reader_decimal(reader, json_object_get(json, "low"), "low", &rule->low);
    reader_decimal(reader, json_object_get(json, "high"), "high", &rule->high);
    if (decimal_compare(rule->low, rule->high) > 0)
        reader_fault(reader, "high", "is below low");
}

static void read_elements_named(struct plan_reader *reader, const json_t *json, const struct form *form,
                                struct rule *rule)
{
    const json_t *list = reader_array(reader, json, "elements", true), *item;
    size_t mark = reader_enter_key(reader, "elements"), i;

    rule->elements = reader_alloc(reader, json_array_size(list), sizeof *rule->elements);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const struct element *element = json_is_string(item) ? form_element(form, json_string_value(item)) : NULL;

        if (!element)
            reader_fault(reader, NULL, "the form has no element of that code");
        else if (rule->elements)
            rule->elements[rule->element_count++] = element;
        reader_leave(reader, here);
    }
    if (list && json_array_size(list) == 0)
        reader_fault(reader, NULL, "must not be empty");
    reader_leave(reader, mark);
}

/* "1/3": of small whole numbers, so that the comparison stays exact. */
static void read_share(struct plan_reader *reader, const json_t *json, struct rule *rule)
{
    const char *text = reader_text(reader, json, "share", true);
    char *end = NULL;
    long of = text ? strtol(text, &end, 10) : 0, in = text && *end == '/' ? strtol(end + 1, &end, 10) : 0;

    if (text && (*end != '\0' || of < 1 || in < of || in > 1000))
        reader_fault(reader, "share", "must be a fraction such as \"1/3\", at most 1");
    rule->share_of = (int)of;
    rule->share_in = (int)in;
}

static void read_element_operands(struct plan_reader *reader, const json_t *json, const struct form *form,
                                  struct rule *rule)
{
    read_elements_named(reader, json, form, rule);
    if (rule->kind == RULE_LEAST_SHARE) {
        read_share(reader, json, rule);
        if (rule->element_count == 1)
            reader_fault(reader, "elements", "a share needs at least two elements");
        return;
    }
    rule->low = decimal_from_int(reader_int(reader, json, "least", false, 0, 0, 1000000));
    rule->high = decimal_from_int(reader_int(reader, json, "most", true, 0, 0, 1000000));
    if (decimal_compare(rule->low, rule->high) > 0)
        reader_fault(reader, "most", "is below least");
}

/* The value that RULE_EXPECTED wants: true or false, or a code. */
static void read_expected(struct plan_reader *reader, const json_t *json, struct rule *rule)
{
    const struct item *item = rule->subject;

    rule->expected = json_object_get(json, "equals");
    if (item && item->type == ITEM_CODE &&
        (!json_is_string(rule->expected) || !code_list_entry(item->codes, json_string_value(rule->expected))))
        reader_fault(reader, "equals", "is not a code of '%s'", item->code);
    else if (item && item->type == ITEM_BOOLEAN && !json_is_boolean(rule->expected))
        reader_fault(reader, "equals", "must be true or false");
    else if (item && item->type != ITEM_CODE && item->type != ITEM_BOOLEAN)
        reader_fault(reader, "value", "only the types code and boolean can be held against a value");
}

static void read_operands(struct plan_reader *reader, const json_t *json, const struct form *form,
                          const struct rule_shape *shape, struct rule *rule)
{
    if (shape->id == RULE_NOT_TOGETHER) {
        rule->other = read_condition(reader, json, shape->other, form, rule->table, &rule->other_equals);
        rule->subject = read_condition(reader, json, shape->subject, form, rule->table, &rule->subject_equals);
        return;
    }
    rule->subject = read_item_name(reader, json, shape->subject, form, rule->table);
    if (shape->other)
        rule->other = read_item_name(reader, json, shape->other, form, rule->table);
    if (shape->parts_list) {
        read_parts(reader, json, shape->parts, form, rule);
    } else if (shape->parts) {
        rule->parts = reader_alloc(reader, 1, sizeof *rule->parts);
        const struct item *part = read_item_name(reader, json, shape->parts, form, rule->table);

        if (part && !item_is_number(part))
            reader_fault(reader, shape->parts, "'%s' holds no numbers", part->code);
        else if (part && rule->parts)
            rule->parts[rule->part_count++] = part;
    }
    if (rule->subject && shape->subject_number && !item_is_number(rule->subject))
        reader_fault(reader, shape->subject, "'%s' holds no numbers", rule->subject->code);
    if (rule->subject && shape->subject_date && rule->subject->type != ITEM_DATE)
        reader_fault(reader, shape->subject, "'%s' holds no dates", rule->subject->code);
    if (rule->other && (shape->subject_number || shape->id == RULE_RATIO_REASON) && !item_is_number(rule->other))
        reader_fault(reader, shape->other, "'%s' holds no numbers", rule->other->code);
    if (rule->other && shape->subject_date && rule->other->type != ITEM_DATE)
        reader_fault(reader, shape->other, "'%s' holds no dates", rule->other->code);
    if (shape->id == RULE_RATIO_REASON)
        read_limits(reader, json, rule);
    if (shape->id == RULE_EXPECTED)
        read_expected(reader, json, rule);
}

static void read_rule(struct plan_reader *reader, const json_t *json, struct form *form)
{
    struct rule rule = {0};

    if (!reader_check_members(reader, json, "kind", "code", "severity", "source", "message", "table", "total", "parts",
                              "part", "whole", "any", "reason", "date", "earlier", "later", "first", "second",
                              "numerator", "denominator", "low", "high", "blank_part_is_zero", "value", "equals",
                              "elements", "share", "least", "most", NULL))
        return;
    const struct rule_shape *shape = find_shape(reader, json);

    if (!shape)
        return;
    rule.kind = shape->id;

    const char *code = reader_text(reader, json, "code", false), *table = reader_text(reader, json, "table", false);

    rule.code = finding_code_parse(code ? code : shape->default_code);
    if (rule.code == FINDING_NONE)
        reader_fault(reader, "code", "no finding has the code '%s'", code);
    rule.source = reader_text(reader, json, "source", true);
    rule.blank_part_is_zero = reader_bool(reader, json, "blank_part_is_zero", false);
    rule.message = reader_name(reader, json, "message", false);
    read_severity(reader, json, &rule);
    if (table && !(rule.table = form_table(form, table))) {
        reader_fault(reader, "table", "the form has no table '%s'", table);
        return;
    }
    if (shape->of_elements)
        read_element_operands(reader, json, form, &rule);
    else
        read_operands(reader, json, form, shape, &rule);
    form->rules[form->rule_count++] = rule;
}

void read_rules(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "rules", false), *item;
    size_t mark = reader_enter_key(reader, "rules"), i;

    form->rules = reader_alloc(reader, json_array_size(list), sizeof *form->rules);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (form->rules)
            read_rule(reader, item, form);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}
