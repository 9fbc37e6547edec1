/* log.c: each event is written with one write(2), so lines of several threads don't mix. */
#include "base/log.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_int most = LOG_INFO;

static const char *const level_names[] = {"error", "warning", "info", "debug"};

void log_set_level(enum log_level level)
{
    atomic_store(&most, (int)level);
}

bool log_level_parse(const char *text, enum log_level *ret_level)
{
    for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    char detail[2048], stamp[40];
    struct timespec now;
    struct tm utc;
    va_list args;

    if ((int)level > atomic_load(&most))
        return;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    for (char *end = detail + strlen(detail); end > detail && end[-1] == '\n';)
        *--end = '\0';

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t used = strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(stamp + used, sizeof stamp - used, ".%03ldZ", now.tv_nsec / 1000000);

    json_t *line = json_pack("{ss ss ss ss*}", "time", stamp, "level", level_names[level], "event", event, "detail",
                             detail[0] ? detail : NULL);
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;

    if (text) {
        size_t length = strlen(text);

        text[length] = '\n';
        if (write(STDERR_FILENO, text, length + 1) < 0) {
            /* nowhere left to say it */
        }
    }
    free(text);
    json_decref(line);
}
