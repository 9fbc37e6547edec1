/* agencies.h: agencies of the city besides its offices, by the names under which papers speak of them. All of it is data. */
#ifndef TRIBUTARY_PLAN_AGENCIES_H
#define TRIBUTARY_PLAN_AGENCIES_H

#include <stddef.h>

#include "plan/plan.h"

struct agency {
    struct name name;
    const char **also; /* short forms: "性平辦" */
    size_t also_count;
};

struct plan_agencies {
    struct agency *agencies;
    size_t count;
};

#endif
