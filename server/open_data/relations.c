/* relations.c: what an outsider knows of the figures from the plan's rules, as relations between columns. A rule over the
 * rows of a table holds for the sums of its columns too, whatever rows are counted. */
#include <string.h>

#include "open_data/collect.h"

struct relations {
    struct collection *collection;
    struct relation *list;
    size_t count, capacity;
    bool failed;
};

static void add_relation(struct relations *relations, enum relation_kind kind, size_t whole, const size_t *parts,
                         size_t part_count)
{
    struct arena *arena = relations->collection->arena;
    size_t *copy = arena_alloc_array(arena, part_count + 1, sizeof *copy);

    if (relations->count == relations->capacity) {
        size_t capacity = relations->capacity ? relations->capacity * 2 : 64;
        struct relation *larger = arena_alloc_array(arena, capacity, sizeof *larger);

        if (larger && relations->count > 0)
            memcpy(larger, relations->list, relations->count * sizeof *larger);
        relations->list = larger;
        relations->capacity = capacity;
    }
    if (!copy || !relations->list) {
        relations->failed = true;
        return;
    }
    memcpy(copy, parts, part_count * sizeof *copy);
    relations->list[relations->count++] = (struct relation){kind, whole, copy, part_count};
}

static bool same_rows(const struct element *a, const struct element *b)
{
    return a->where == b->where && (a->equals == b->equals || json_equal(a->equals, b->equals));
}

static bool is_of(const struct element *element, const struct item *item)
{
    return item && (element->field == item || (element->table && element->sum == item));
}

/* The element that sums an item over the same rows as `like`; NULL if there is none. */
static const struct element *find_element(const struct form *form, const struct item *item, const struct element *like)
{
    for (size_t i = 0; i < form->element_count; i++)
        if (is_of(&form->elements[i], item) && same_rows(&form->elements[i], like))
            return &form->elements[i];
    return NULL;
}

static bool is_decimal(const struct item *item)
{
    return item->type == ITEM_DECIMAL;
}

/* What a kind of rule tells of numbers. */
enum tells { TELLS_SUMS, TELLS_LIMITS, TELLS_NOTHING, TELLS_SOMETHING };

static const struct rule_sense {
    enum rule_kind kind;
    enum tells tells;
    enum relation_kind relation; /* of TELLS_SUMS: the subject is the whole, `parts` are its parts … */
    bool subject_is_part;        /* … or the subject is the part, `other` the whole */
} senses[] = {
    {RULE_SUM_EQUALS, TELLS_SUMS, RELATION_SUM, false},
    {RULE_AT_MOST, TELLS_SUMS, RELATION_AT_MOST, true},
    {RULE_SUM_AT_MOST, TELLS_SUMS, RELATION_AT_MOST, false},
    {.kind = RULE_ELEMENT_BETWEEN, .tells = TELLS_LIMITS},
    {.kind = RULE_EXPECTED, .tells = TELLS_LIMITS},
    {.kind = RULE_REASON_WHEN_POSITIVE, .tells = TELLS_NOTHING},
    {.kind = RULE_IN_PERIOD, .tells = TELLS_NOTHING},
    {.kind = RULE_NOT_BEFORE, .tells = TELLS_NOTHING},
    {.kind = RULE_NOT_TOGETHER, .tells = TELLS_NOTHING},
    {.kind = RULE_RATIO_REASON, .tells = TELLS_NOTHING},
    {.kind = RULE_NEEDED, .tells = TELLS_NOTHING},
};

/* A kind that the table lacks is taken to tell something. */
static const struct rule_sense *sense_of(const struct rule *rule)
{
    static const struct rule_sense other = {.tells = TELLS_SOMETHING};

    for (size_t i = 0; i < sizeof senses / sizeof *senses; i++)
        if (senses[i].kind == rule->kind)
            return &senses[i];
    return &other;
}

/* One rule in one part, for the rows that the subject's element counts. What isn't whole numbers is tied only. */
static void add_rule(struct relations *relations, const struct collected_form *form, size_t part,
                     const struct rule *rule, const struct rule_sense *sense, const struct element *subject)
{
    const struct item *whole = sense->subject_is_part ? rule->other : rule->subject, *only[] = {rule->subject};
    const struct item **parts = sense->subject_is_part ? only : rule->parts;
    size_t part_count = sense->subject_is_part ? 1 : rule->part_count, found = 0;
    const struct element *whole_element = find_element(form->form, whole, subject), *one;
    size_t *columns = arena_alloc_array(relations->collection->arena, part_count + 1, sizeof *columns);
    bool exact = whole && !is_decimal(whole);

    if (!columns || !whole_element) {
        relations->failed = relations->failed || !columns;
        return;
    }
    for (size_t i = 0; i < part_count; i++) {
        exact = exact && !is_decimal(parts[i]);
        if ((one = find_element(form->form, parts[i], subject)))
            columns[found++] = column_of(form, part, one);
    }
    size_t column = column_of(form, part, whole_element);

    if (exact && found == part_count && found > 0) {
        add_relation(relations, sense->relation, column, columns, found);
        return;
    }
    for (size_t i = 0; i < found; i++)
        add_relation(relations, RELATION_TIED, column, &columns[i], 1);
}

static bool is_named(const struct rule *rule, const struct element *element)
{
    bool named = is_of(element, rule->subject) || is_of(element, rule->other);

    for (size_t i = 0; i < rule->part_count; i++)
        named = named || is_of(element, rule->parts[i]);
    for (size_t i = 0; i < rule->element_count; i++)
        named = named || rule->elements[i] == element;
    return named;
}

/* All numbers that a rule names are tied together, or have limits of their own. */
static void tie_or_bound(struct relations *relations, const struct collected_form *form, size_t part,
                         const struct rule *rule, bool bound)
{
    const struct element *first = NULL;

    for (size_t e = 0; e < form->form->element_count; e++) {
        const struct element *element = &form->form->elements[e];
        size_t column = column_of(form, part, element);

        if (!is_named(rule, element))
            continue;
        if (bound)
            relations->collection->columns[column].bounded = true;
        else if (first)
            add_relation(relations, RELATION_TIED, column_of(form, part, first), &column, 1);
        else
            first = element;
    }
}

/* Only errors: what an office may explain away, nobody can rely on. */
static void add_rules(struct relations *relations, const struct collected_form *form, size_t part)
{
    for (size_t i = 0; i < form->form->rule_count; i++) {
        const struct rule *rule = &form->form->rules[i];
        const struct rule_sense *sense = sense_of(rule);

        if (rule->severity != SEVERITY_ERROR || sense->tells == TELLS_NOTHING)
            continue;
        if (sense->tells != TELLS_SUMS)
            tie_or_bound(relations, form, part, rule, sense->tells == TELLS_LIMITS);
        for (size_t e = 0; sense->tells == TELLS_SUMS && e < form->form->element_count; e++)
            if (is_of(&form->form->elements[e], rule->subject))
                add_rule(relations, form, part, rule, sense, &form->form->elements[e]);
    }
}

/* ---- some rows of a table, and all of them --------------------------------------------------------------------------- */

/* How many different values the column may have by which rows are chosen; 0: any number. */
static size_t choices_of(const struct item *where)
{
    if (!where)
        return 0;
    return where->type == ITEM_BOOLEAN ? 2 : where->type == ITEM_CODE && where->codes ? where->codes->entry_count : 0;
}

/* Rows chosen by one value of a column each are parts of all rows; by every value they are all of them. */
static void add_choices(struct relations *relations, const struct collected_form *form, size_t part,
                        const struct element *whole, const struct item *where)
{
    size_t *parts = arena_alloc_array(relations->collection->arena, form->form->element_count + 1, sizeof *parts),
           found = 0;

    for (size_t e = 0; parts && e < form->form->element_count; e++) {
        const struct element *element = &form->form->elements[e];

        if (element->table == whole->table && element->sum == whole->sum && element->where == where)
            parts[found++] = column_of(form, part, element);
    }
    relations->failed = relations->failed || !parts;
    if (found == 0)
        return;

    bool disjoint = choices_of(where) > 0 && !(whole->sum && is_decimal(whole->sum));
    size_t column = column_of(form, part, whole);

    if (disjoint)
        add_relation(relations, found == choices_of(where) ? RELATION_SUM : RELATION_AT_MOST, column, parts, found);
    for (size_t i = 0; !disjoint && i < found; i++)
        add_relation(relations, RELATION_TIED, column, &parts[i], 1);
}

static void add_all_choices(struct relations *relations, const struct collected_form *form, size_t part)
{
    for (size_t e = 0; e < form->form->element_count; e++) {
        const struct element *whole = &form->form->elements[e];

        if (!whole->table || whole->where)
            continue;
        for (size_t column = 0; column < whole->table->column_count; column++)
            add_choices(relations, form, part, whole, &whole->table->columns[column]);
    }
}

/* ---- what other forms say of the same -------------------------------------------------------------------------------- */

static void tie_to_origin(struct relations *relations, size_t column, const struct origin *origin)
{
    const struct collection *collection = relations->collection;

    for (size_t i = 0; i < collection->form_count; i++) {
        const struct collected_form *other = &collection->forms[i];

        if (other->form != origin->form || origin->year_offset != 0)
            continue;
        for (size_t e = 0; e < other->form->element_count; e++) {
            const struct element *element = &other->form->elements[e];
            bool named = origin->field && element->field == origin->field;

            for (size_t k = 0; k < origin->element_count; k++)
                named = named || origin->elements[k] == element;
            for (size_t part = 0; named && part < other->part_count; part++)
                add_relation(relations, RELATION_TIED, column, (const size_t[]){column_of(other, part, element)}, 1);
        }
    }
}

static void add_origins(struct relations *relations, const struct collected_form *form, size_t part)
{
    for (size_t e = 0; e < form->form->element_count; e++) {
        const struct element *element = &form->form->elements[e];
        const struct item *item = element->field ? element->field : element->sum;
        size_t column = column_of(form, part, element);

        if (item && item->origin && item->origin_severity == SEVERITY_ERROR)
            tie_to_origin(relations, column, item->origin);
        for (size_t i = 0; i < form->form->cross_check_count; i++) {
            const struct cross_check *check = &form->form->cross_checks[i];

            for (size_t k = 0; check->severity == SEVERITY_ERROR && k < check->part_count; k++)
                if (is_of(element, check->parts[k]))
                    tie_to_origin(relations, column, &check->origin);
        }
    }
}

bool collect_relations(struct collection *collection)
{
    struct relations relations = {.collection = collection};

    for (size_t i = 0; i < collection->form_count; i++)
        for (size_t part = 0; part < collection->forms[i].part_count; part++) {
            add_rules(&relations, &collection->forms[i], part);
            add_all_choices(&relations, &collection->forms[i], part);
            add_origins(&relations, &collection->forms[i], part);
        }
    collection->protection.relations = relations.list;
    collection->protection.relation_count = relations.count;
    return !relations.failed;
}
