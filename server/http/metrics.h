/* metrics.h: counts of requests and of the writer, as Prometheus text on an address of their own. */
#ifndef TRIBUTARY_HTTP_METRICS_H
#define TRIBUTARY_HTTP_METRICS_H

#include <stdint.h>

#include "http/request.h"

struct metrics;

/* With port 0 it counts without serving. NULL on failure. */
struct metrics *metrics_start(const char *address, unsigned short port, const struct service *service,
                              const struct route *routes);
void metrics_stop(struct metrics *metrics);

/* Counts a reply; `route` NULL: none matched. Thread-safe. */
void metrics_count(struct metrics *metrics, const struct route *route, int status, int64_t milliseconds);

#endif
