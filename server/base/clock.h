/* clock.h: the time, for the daemon alone; what both programs share is told the time. */
#ifndef TRIBUTARY_SERVER_BASE_CLOCK_H
#define TRIBUTARY_SERVER_BASE_CLOCK_H

#include <stdint.h>

#include "base/period.h"

/* Milliseconds of a clock that never jumps; above zero. */
int64_t clock_milliseconds(void);

/* The moment, UTC. */
timestamp clock_now(void);

#endif
