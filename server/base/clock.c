/* clock.c: the time. */
#include "base/clock.h"

#include <time.h>

int64_t clock_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

timestamp clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (timestamp)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
