/* problem.h: codes of problems.def as enums, with status and wording. */
#ifndef TRIBUTARY_BASE_PROBLEM_H
#define TRIBUTARY_BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

enum language { LANGUAGE_ZH, LANGUAGE_EN };

enum problem {
    PROBLEM_NONE,
#define PROBLEM(code, status, zh, en) PROBLEM_##code,
#include "base/problems.def"
    PROBLEM_COUNT
};

enum finding_code {
    FINDING_NONE,
#define FINDING(code, zh, en) FINDING_##code,
#include "base/problems.def"
    FINDING_CODE_COUNT
};

struct problem_entry {
    const char *code;
    int status;
    const char *wording[2]; /* by enum language */
};

const struct problem_entry *problem_entry(enum problem problem);
const struct problem_entry *finding_entry(enum finding_code code);

/* The code of that name, or FINDING_NONE. */
enum finding_code finding_code_parse(const char *text);

/* A problem or finding of that name (for /problems/CODE), or NULL. */
const struct problem_entry *problem_entry_find(const char *text);

#endif
