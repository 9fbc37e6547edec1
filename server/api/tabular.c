/* tabular.c: one table, three formats. */
#include "api/tabular.h"

#include <stdlib.h>

enum step_result reply_tabulation(struct request *request, struct tabulation *tabulation)
{
    struct buffer out = BUFFER_WITH_LIMIT(TABULATION_CSV_LIMIT);
    char *body = NULL;
    size_t length;

    if (tabulation && tabulation_write_csv(tabulation, &out))
        body = buffer_take(&out, &length);
    buffer_free(&out);
    if (!body)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_bytes(request, 200, "text/csv; charset=utf-8", body, length);
}
