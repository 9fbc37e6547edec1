/* inside.h: what the files of this room share. Private to body/. */
#ifndef TRIBUTARY_BODY_INSIDE_H
#define TRIBUTARY_BODY_INSIDE_H

#include <jansson.h>

#include "plan/plan.h"

/* {"zh","en"}; null for a name that isn't said. */
json_t *name_json(const struct name *name);

#endif
