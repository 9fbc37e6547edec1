/* owners.c: from those whom a text mentions to owners of a decision. */
#include "decision/owners.h"

#include <string.h>

struct naming {
    const struct plan *plan;
    const struct body *body;
    const char *unit;
    int year;
    const struct recognised *recognised;
    struct named_owner *owners;
    size_t count;
    bool too_many;
};

static bool is_there(const struct naming *naming, const struct named_owner *owner)
{
    for (size_t i = 0; i < naming->count; i++) {
        const struct named_owner *one = &naming->owners[i];

        if (owner->office ? one->office == owner->office
                          : one->agency && owner->agency && strcmp(one->agency, owner->agency) == 0)
            return true;
    }
    return false;
}

static bool is_excepted(const struct naming *naming, const struct office *office)
{
    for (size_t i = 0; i < naming->recognised->mention_count; i++) {
        const struct mention *mention = &naming->recognised->mentions[i];

        if (mention->role == MENTION_EXCEPTED && mention->office == office)
            return true;
    }
    return false;
}

static void add(struct naming *naming, struct named_owner owner)
{
    if (is_there(naming, &owner))
        return;
    if (naming->count == NAMED_OWNERS_MOST)
        naming->too_many = true;
    else
        naming->owners[naming->count++] = owner;
}

static bool is_member(const struct group *group, const struct office *office, int year)
{
    for (size_t i = 0; i < group->member_count; i++)
        if (group->members[i].office == office && year >= group->members[i].from && year <= group->members[i].to)
            return true;
    return false;
}

/* The offices of a group in the order of its members; without a group those that have part in the body. */
static void add_everyone(struct naming *naming, const struct group *group)
{
    const struct plan *plan = naming->plan;

    for (size_t g = 0; !group && naming->unit && g < plan->group_count; g++)
        if (strcmp(plan->groups[g].code, naming->unit) == 0)
            group = &plan->groups[g];
    for (size_t i = 0; group && i < group->member_count; i++)
        if (is_member(group, group->members[i].office, naming->year) && !is_excepted(naming, group->members[i].office))
            add(naming, (struct named_owner){.office = group->members[i].office});
    for (size_t i = 0; !group && i < plan->office_count; i++)
        if (naming->year >= plan->offices[i].from && naming->year <= plan->offices[i].to &&
            (naming->body->per == BODY_PER_UNIT ||
             body_unit_has(plan, naming->body, naming->unit, plan->offices[i].code, naming->year)) &&
            !is_excepted(naming, &plan->offices[i]))
            add(naming, (struct named_owner){.office = &plan->offices[i]});
}

size_t owners_named(const struct plan *plan, const struct body *body, const char *unit, int year,
                    const struct recognised *recognised, struct named_owner ret_owners[static NAMED_OWNERS_MOST])
{
    struct naming naming = {plan, body, unit, year, recognised, ret_owners, 0, recognised->more};

    for (size_t i = 0; i < recognised->mention_count; i++) {
        const struct mention *mention = &recognised->mentions[i];

        if (mention->role != MENTION_OWNER)
            continue;
        if (mention->everyone)
            add_everyone(&naming, mention->group);
        else
            add(&naming, (struct named_owner){.office = mention->office, .agency = mention->agency});
    }
    return naming.too_many ? 0 : naming.count;
}
