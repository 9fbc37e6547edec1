/* kept.c: answers kept while a snapshot stands, each by its statement and parameters. */
#include "db/kept.h"

#include <stdlib.h>
#include <string.h>

/* What a pack asks has some tens of answers and a few MB; past this nothing more is kept, and the store is asked. */
enum { MOST_KEPT = 256, MOST_KEPT_BYTES = 32 * 1024 * 1024 };

struct kept_answer {
    const struct db_statement *statement;
    char **parameters;
    PGresult *answer;
};

struct kept {
    struct kept_answer answers[MOST_KEPT];
    size_t count, bytes;
};

static void free_parameters(char **parameters, int count)
{
    for (int i = 0; parameters && i < count; i++)
        free(parameters[i]);
    free(parameters);
}

/* NULL without memory. One more than there are, so that none is no failure. */
static char **copy_parameters(const char *const *parameters, int count)
{
    char **copies = calloc((size_t)count + 1, sizeof *copies);

    for (int i = 0; copies && i < count; i++) {
        if (!parameters[i])
            continue;
        copies[i] = strdup(parameters[i]);
        if (!copies[i]) {
            free_parameters(copies, count);
            copies = NULL;
        }
    }
    return copies;
}

static bool is_same(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

static bool asks_the_same(const struct kept_answer *kept, const struct db_statement *statement,
                          const char *const *parameters)
{
    if (kept->statement != statement)
        return false;
    for (int i = 0; i < statement->parameter_count; i++)
        if (!is_same(kept->parameters[i], parameters[i]))
            return false;
    return true;
}

struct kept *kept_new(void)
{
    return calloc(1, sizeof(struct kept));
}

void kept_free(struct kept *kept)
{
    for (size_t i = 0; kept && i < kept->count; i++) {
        free_parameters(kept->answers[i].parameters, kept->answers[i].statement->parameter_count);
        PQclear(kept->answers[i].answer);
    }
    free(kept);
}

static PGresult *copy(const PGresult *answer)
{
    return PQcopyResult(answer, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
}

PGresult *kept_find(const struct kept *kept, const struct db_statement *statement, const char *const *parameters)
{
    for (size_t i = 0; i < kept->count; i++)
        if (asks_the_same(&kept->answers[i], statement, parameters))
            return copy(kept->answers[i].answer);
    return NULL;
}

void kept_add(struct kept *kept, const struct db_statement *statement, const char *const *parameters,
              const PGresult *answer)
{
    struct kept_answer one = {.statement = statement};
    size_t bytes = PQresultMemorySize(answer);

    if (kept->count == MOST_KEPT || bytes > MOST_KEPT_BYTES - kept->bytes)
        return;
    one.parameters = copy_parameters(parameters, statement->parameter_count);
    one.answer = one.parameters ? copy(answer) : NULL;
    if (!one.answer) {
        free_parameters(one.parameters, statement->parameter_count);
        return;
    }
    kept->bytes += bytes;
    kept->answers[kept->count++] = one;
}
