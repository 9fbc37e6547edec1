/* names.h: names of a plan's things, for answers. The caller owns what is returned. */
#ifndef TRIBUTARY_PLANS_NAMES_H
#define TRIBUTARY_PLANS_NAMES_H

#include <jansson.h>

#include "plan/plan.h"

/* {"zh","en"} */
json_t *name_to_json(const struct name *name);

/* {"zh","en"} of a unit of a level ("office", "group", "city"); null if the plan has no such unit. */
json_t *unit_name(const struct plan *plan, const char *level, const char *unit);

#endif
