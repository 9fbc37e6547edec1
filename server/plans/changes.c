/* changes.c: two plans side by side. */
#include "plans/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

struct comparing {
    FILE *out;
    size_t count;
};

struct place {
    const struct place *above;
    const char *name;
    bool is_member; /* of a list: shown in brackets */
};

static void compare(struct comparing *comparing, const struct place *place, const json_t *before, const json_t *after);

static void print_place(FILE *out, const struct place *place)
{
    if (!place->above)
        return;
    print_place(out, place->above);
    fprintf(out, place->is_member ? "[%s]" : place->above->above ? ".%s" : "%s", place->name);
}

static void print_value(FILE *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);

    fprintf(out, " %s", text ? text : "…");
    free(text);
}

static void report(struct comparing *comparing, const struct place *place, const json_t *before, const json_t *after)
{
    comparing->count++;
    fputs(!before ? "+ " : !after ? "- " : "~ ", comparing->out);
    print_place(comparing->out, place);
    if (before)
        print_value(comparing->out, before);
    if (before && after)
        fputs(" ->", comparing->out);
    if (after)
        print_value(comparing->out, after);
    fputc('\n', comparing->out);
}

/* What tells a member of a list from the others, or NULL. */
static const char *identity_of(const json_t *member)
{
    static const char *const keys[] = {"code", "office", "date", "stage"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_text_member(member, keys[i]))
            return json_text_member(member, keys[i]);
    return NULL;
}

static const json_t *find_member(const json_t *list, const char *identity)
{
    const json_t *member;
    size_t i;

    json_array_foreach(list, i, member)
        if (strcmp(identity_of(member), identity) == 0)
            return member;
    return NULL;
}

/* Whether every member has an identity of its own. */
static bool has_identities(const json_t *list)
{
    const json_t *member;
    size_t i;

    json_array_foreach(list, i, member) {
        const char *identity = identity_of(member);

        if (!identity)
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(identity_of(json_array_get(list, k)), identity) == 0)
                return false;
    }
    return true;
}

static void compare_lists(struct comparing *comparing, const struct place *place, const json_t *before,
                          const json_t *after)
{
    const json_t *member;
    size_t i;

    json_array_foreach(before, i, member) {
        struct place inner = {place, identity_of(member), true};

        compare(comparing, &inner, member, find_member(after, inner.name));
    }
    json_array_foreach(after, i, member) {
        struct place inner = {place, identity_of(member), true};

        if (!find_member(before, inner.name))
            report(comparing, &inner, NULL, member);
    }
}

static void compare_objects(struct comparing *comparing, const struct place *place, const json_t *before,
                            const json_t *after)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)before, name, value) {
        struct place inner = {place, name, false};

        compare(comparing, &inner, value, json_object_get(after, name));
    }
    json_object_foreach((json_t *)after, name, value) {
        struct place inner = {place, name, false};

        if (!json_object_get(before, name))
            report(comparing, &inner, NULL, value);
    }
}

static void compare(struct comparing *comparing, const struct place *place, const json_t *before, const json_t *after)
{
    if (json_is_object(before) && json_is_object(after))
        compare_objects(comparing, place, before, after);
    else if (json_is_array(before) && json_is_array(after) && has_identities(before) && has_identities(after))
        compare_lists(comparing, place, before, after);
    else if (!json_equal(before, after))
        report(comparing, place, before, after);
}

size_t print_plan_changes(FILE *out, const json_t *before, const json_t *after)
{
    struct comparing comparing = {out, 0};

    compare(&comparing, &(struct place){NULL, "", false}, before, after);
    return comparing.count;
}
