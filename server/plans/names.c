/* names.c: names in both languages. */
#include "plans/names.h"

#include <string.h>

json_t *name_to_json(const struct name *name)
{
    return json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN]);
}

json_t *unit_name(const struct plan *plan, const char *level, const char *unit)
{
    const struct office *office = strcmp(level, "office") == 0 ? plan_office(plan, unit) : NULL;

    if (office)
        return name_to_json(&office->name);
    for (size_t i = 0; i < plan->group_count; i++)
        if (strcmp(plan->groups[i].code, unit) == 0)
            return name_to_json(&plan->groups[i].name);
    for (size_t i = 0; i < plan->whole_count; i++)
        if (strcmp(plan->wholes[i].code, unit) == 0)
            return name_to_json(&plan->wholes[i].name);
    return json_null();
}
