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

/* One rule in one part, for every choice of rows that the elements of its subject make. A rule that says something else
 * about numbers ties them together. */
static void add_rule(struct relations *relations, const struct collected_form *form, size_t part,
                     const struct rule *rule, const struct element *subject)
{
    const struct item *whole = rule->kind == RULE_AT_MOST ? rule->other : rule->subject;
    const struct item **parts = rule->kind == RULE_AT_MOST ? (const struct item **)&rule->subject : rule->parts;
    size_t part_count = rule->kind == RULE_AT_MOST ? 1 : rule->part_count, found = 0;
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
        add_relation(relations, rule->kind == RULE_AT_MOST ? RELATION_AT_MOST : RELATION_SUM, column, columns, found);
        return;
    }
    for (size_t i = 0; i < found; i++)
        add_relation(relations, RELATION_TIED, column, &columns[i], 1);
}

static void add_rules(struct relations *relations, const struct collected_form *form, size_t part)
{
    for (size_t i = 0; i < form->form->rule_count; i++) {
        const struct rule *rule = &form->form->rules[i];

        if (rule->kind != RULE_AT_MOST && rule->kind != RULE_SUM_EQUALS)
            continue;
        for (size_t e = 0; e < form->form->element_count; e++)
            if (is_of(&form->form->elements[e], rule->subject))
                add_rule(relations, form, part, rule, &form->form->elements[e]);
    }
}

/* Some rows of a table and all of them: the same column is summed, or both count rows. */
static void tie_choices_of_rows(struct relations *relations, const struct collected_form *form, size_t part)
{
    for (size_t a = 0; a < form->form->element_count; a++)
        for (size_t b = a + 1; b < form->form->element_count; b++) {
            const struct element *first = &form->form->elements[a], *second = &form->form->elements[b];
            size_t column = column_of(form, part, second);

            if (first->table && first->table == second->table && first->sum == second->sum)
                add_relation(relations, RELATION_TIED, column_of(form, part, first), &column, 1);
        }
}

bool collect_relations(struct collection *collection)
{
    struct relations relations = {.collection = collection};

    for (size_t i = 0; i < collection->form_count; i++)
        for (size_t part = 0; part < collection->forms[i].part_count; part++) {
            add_rules(&relations, &collection->forms[i], part);
            tie_choices_of_rows(&relations, &collection->forms[i], part);
        }
    collection->protection.relations = relations.list;
    collection->protection.relation_count = relations.count;
    return !relations.failed;
}
