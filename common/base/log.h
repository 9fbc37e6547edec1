/* log.h: one JSON line an event, on standard error. Only programs log; library code returns errors. */
#ifndef TRIBUTARY_BASE_LOG_H
#define TRIBUTARY_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Events above this level are dropped. Set once at start. */
void log_set_level(enum log_level level);
bool log_level_parse(const char *text, enum log_level *ret_level);

/* Writes {"time","level","event",…}: `event` a stable word, then a printf-formed detail. Never put secrets,
 * tokens or people's data here. */
void log_event(enum log_level level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
