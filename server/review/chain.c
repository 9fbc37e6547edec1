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

int chain_left_standing(const struct form *form, int place)
{
    int official = chain_official_place(form), resumed = place < official ? place : official;

    return resumed > 1 ? resumed - 1 : 0;
}

bool chain_may_return(const struct stage *stage, const struct principal *principal)
{
    return strcmp(stage->role, role_name(principal->role)) == 0;
}

bool chain_may_accept(const struct stage *stage, const struct principal *principal, const char *office)
{
    return chain_may_return(stage, principal) ||
           (stage->body && stage->own && principal->role == ROLE_OFFICE && strcmp(principal->office, office) == 0);
}
