/* log_kinds.c: the table of log_kinds.def. */
#include "ledger/log_kinds.h"

#include <string.h>

enum { OPEN, CLOSED, KEPT, PRUNABLE };

const struct log_kind log_kinds[] = {
#define LOG_KIND(code, reading, keeping, zh, en)                                                                       \
    {#code, (reading) == OPEN, (keeping) == PRUNABLE, {[LANGUAGE_ZH] = (zh), [LANGUAGE_EN] = (en)}},
#include "ledger/log_kinds.def"
#undef LOG_KIND
};
const size_t log_kind_count = sizeof log_kinds / sizeof *log_kinds;

const struct log_kind *log_kind_find(const char *code)
{
    for (size_t i = 0; i < log_kind_count; i++)
        if (strcmp(log_kinds[i].code, code) == 0)
            return &log_kinds[i];
    return NULL;
}

/* Array literals put together by the preprocessor; the element "" stands first so that each kind brings its own comma. */
const char *log_kinds_all(void)
{
    return "{\"\""
#define LOG_KIND(code, reading, keeping, zh, en) "," #code
#include "ledger/log_kinds.def"
#undef LOG_KIND
           "}";
}

#define TEXT_OF_OPEN(code)   "," #code
#define TEXT_OF_CLOSED(code) ""
const char *log_kinds_open(void)
{
    return "{\"\""
#define LOG_KIND(code, reading, keeping, zh, en) TEXT_OF_##reading(code)
#include "ledger/log_kinds.def"
#undef LOG_KIND
           "}";
}

#define TEXT_OF_KEPT(code)     ""
#define TEXT_OF_PRUNABLE(code) "," #code
const char *log_kinds_prunable(void)
{
    return "{\"\""
#define LOG_KIND(code, reading, keeping, zh, en) TEXT_OF_##keeping(code)
#include "ledger/log_kinds.def"
#undef LOG_KIND
           "}";
}
