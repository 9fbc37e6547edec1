/* clock.h: the time, for the daemon alone; what both programs share is told the time. */
#ifndef TRIBUTARY_SERVER_BASE_CLOCK_H
#define TRIBUTARY_SERVER_BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "base/period.h"

/* Milliseconds of a clock that never jumps; above zero. */
int64_t clock_milliseconds(void);

/* A condition to wait on until a moment of that clock: when somebody sets the time, waits end when they would have. */
void clock_init_condition(pthread_cond_t *condition);

/* So many milliseconds from now, for pthread_cond_timedwait on such a condition. */
struct timespec clock_after(int milliseconds);

/* The moment, UTC. */
timestamp clock_now(void);

#endif
