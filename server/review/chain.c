/* chain.c: looking up stages and whose they are. */
#include "review/chain.h"

#include <string.h>

int chain_place(const struct form *form, const char *stage)
{
    for (size_t i = 0; i < form->stage_count; i++)
        if (strcmp(form->stages[i].stage->code, stage) == 0)
            return (int)i + 1;
    return 0;
}

const struct stage *chain_stage(const struct form *form, int place)
{
    return place >= 1 && (size_t)place <= form->stage_count ? form->stages[place - 1].stage : NULL;
}

int chain_official_place(const struct form *form)
{
    for (size_t i = 0; i < form->stage_count; i++)
        if (form->stages[i].official)
            return (int)i + 1;
    return 0;
}

static bool names(const json_t *codes, const char *code)
{
    const json_t *one;
    size_t i;

    json_array_foreach(codes, i, one)
        if (strcmp(json_string_value(one), code) == 0)
            return true;
    return false;
}

int chain_begun(const struct form *form, const json_t *left_standing)
{
    int place = 0;

    while ((size_t)place < form->stage_count && !form->stages[place].official &&
           names(left_standing, form->stages[place].stage->code))
        place++;
    return place;
}

bool chain_may_return(const struct stage *stage, const struct principal *principal)
{
    return strcmp(stage->role, role_name(principal->role)) == 0;
}

bool chain_may_accept(const struct stage *stage, const struct principal *principal, const char *office)
{
    return chain_may_return(stage, principal) ||
           (stage->body && stage->own && stage->meetings && principal->role == ROLE_OFFICE &&
            strcmp(principal->office, office) == 0);
}
