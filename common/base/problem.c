/* problem.c: the tables made from problems.def. */
#include "base/problem.h"

#include <string.h>

static const struct problem_entry problems[PROBLEM_COUNT] = {
#define PROBLEM(code, status, zh, en) [PROBLEM_##code] = {#code, status, {zh, en}},
#include "base/problems.def"
};

static const struct problem_entry findings[FINDING_CODE_COUNT] = {
#define FINDING(code, zh, en) [FINDING_##code] = {#code, 422, {zh, en}},
#include "base/problems.def"
};

const struct problem_entry *problem_entry(enum problem problem)
{
    return &problems[problem];
}

const struct problem_entry *finding_entry(enum finding_code code)
{
    return &findings[code];
}

enum finding_code finding_code_parse(const char *text)
{
    for (int i = 1; i < FINDING_CODE_COUNT; i++)
        if (strcmp(findings[i].code, text) == 0)
            return (enum finding_code)i;
    return FINDING_NONE;
}

const struct problem_entry *problem_entry_find(const char *text)
{
    for (int i = 1; i < PROBLEM_COUNT; i++)
        if (strcmp(problems[i].code, text) == 0)
            return &problems[i];

    enum finding_code code = finding_code_parse(text);

    return code ? &findings[code] : NULL;
}
