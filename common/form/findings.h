/* findings.h: what is wrong, doubtful or to be explained in a document; all of it, never only the first. */
#ifndef TRIBUTARY_FORM_FINDINGS_H
#define TRIBUTARY_FORM_FINDINGS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "plan/plan.h"

/* Where in a document; what a path says, in parts, so that a file's cell can be found for it. */
struct place {
    const char *field;        /* a field's code, or NULL */
    const char *table;        /* a table's code, or NULL */
    const char *row_identity; /* NULL: the table as a whole */
    size_t row;               /* 1 for the first row; 0: none */
    const char *column;
    const char *member; /* none of these: a member of the document, such as "period" */
};

struct finding {
    enum severity severity;
    enum finding_code code;
    struct place place;
    const char *path;
    const struct name *label;
    const struct name *expected_words; /* wording of what was expected, where `expected` is a term */
    const struct name *other;          /* the name of the other form it is about, or NULL */
    const char *expected, *found;      /* NULL where they don't apply */
    const struct name *message;        /* a rule's own wording, or NULL */
    const char *sheet, *ref;           /* the cell of the file that was sent, or NULL */
};

struct findings {
    struct arena *arena; /* owns every text */
    struct finding *items;
    size_t count, capacity, error_count;
    bool out_of_memory;
};

#define FINDINGS_IN(memory) ((struct findings){.arena = (memory)})

/* Adds a finding; `finding.path` is made from its place. Behind 50,000 there is only one more, which says so; errors are
 * counted all the same. The texts must outlive the arena's owner or lie in it. */
void findings_add(struct findings *findings, struct finding finding);

/* Adds an error about a member of the document, such as "period"; `found` may be NULL. */
void findings_add_member(struct findings *findings, enum finding_code code, const char *member, const char *expected,
                         const json_t *found);

/* "tables.courses[a1].hours", "fields.total_budget", "period". NULL without memory. */
const char *place_path(struct arena *arena, struct place place);

/* The sentence for a person, in `arena`. */
const char *finding_message(struct arena *arena, const struct finding *finding, enum language language);

/* Of the two figures of a finding, in words of the language, those its sentence should have told and didn't; the others
 * become NULL. What was expected is left out where the sentence says what was found: then it says what is wrong with it. */
void finding_untold(struct arena *arena, const char *message, enum language language, const char **expected,
                    const char **found);

/* The object of api.md. The caller owns it; NULL without memory. */
json_t *finding_to_json(const struct finding *finding, enum language language);
json_t *findings_to_json(const struct findings *findings, enum language language);

const char *severity_name(enum severity severity);

/* A short text of a JSON value for "found": compact, at most some 200 bytes, never cut inside a character. */
const char *json_excerpt(struct arena *arena, const json_t *value);

#endif
