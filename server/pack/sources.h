/* sources.h: what stands behind two packs. Private to pack/. */
#ifndef TRIBUTARY_PACK_SOURCES_H
#define TRIBUTARY_PACK_SOURCES_H

#include <jansson.h>

#include "plan/plan.h"

/* A list of {"kind","change","before","after","zh","en"}: the newest revision of an office, form and period that takes the
 * place of another one is a change; anything else is found by its id. The caller owns it; NULL without memory. */
json_t *changed_sources(const json_t *before, const json_t *after, const struct plan *plan);

#endif
