/* neighbours.h: the office's other documents, as far as a document must agree with them or an empty form begins with
 * what they hold. Whoever has a store brings them; the checks are the same everywhere. */
#ifndef TRIBUTARY_FORM_NEIGHBOURS_H
#define TRIBUTARY_FORM_NEIGHBOURS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "form/document.h"

/* A form and a period of which documents are wanted. */
struct wanted {
    const struct form *form;
    struct period period;
    bool every_revision; /* also what was in force before: the form's documents say from when they hold */
};

struct neighbour {
    struct document *document;
    struct element_value *values; /* of all elements of its form */
};

struct neighbours {
    struct arena *arena; /* owns everything but the documents' JSON */
    struct neighbour *items;
    size_t count, capacity;
};

#define NEIGHBOURS_IN(memory) ((struct neighbours){.arena = (memory)})

/* Lists what a document of that form and period needs, in `arena`; *ret_count 0 for a form that stands alone. NULL
 * without memory. */
struct wanted *neighbours_wanted(const struct plan *plan, const struct form *form, struct period period,
                                 struct arena *arena, size_t *ret_count);

/* Takes a stored document over (JSON as of api.md, current or, of a form with effective_from, also earlier revisions, the
 * oldest first). What can't be read in it is passed over. False without memory. */
bool neighbours_add(struct neighbours *neighbours, const struct plan *plan, json_t *json);

/* Releases the documents' JSON. */
void neighbours_release(struct neighbours *neighbours);

/* What an origin comes to. */
struct origin_value {
    bool known;                      /* every document it needs is there and holds a value */
    bool reported;                   /* at least one of the documents is there */
    const json_t *json;              /* of a field */
    struct decimal number;           /* of elements or events */
    const struct document *document; /* the last one looked at, or NULL */
};

struct origin_value origin_find(const struct neighbours *neighbours, const struct plan *plan,
                                const struct origin *origin, struct period period, const struct date *on);

/* The value in JSON for a cell of `item`; the caller owns it. NULL if it isn't known, or without memory. */
json_t *origin_to_json(const struct origin_value *value, const struct item *item);

/* Holds the document against its neighbours (the plan's "from" and "cross_checks"); findings are added. */
void cross_check(const struct document *document, const struct neighbours *neighbours, struct findings *findings);

/* Fills blank fields and lines of an empty form from the neighbours: `document` is JSON of api.md. False without memory. */
bool neighbours_prefill(const struct neighbours *neighbours, const struct plan *plan, const struct form *form,
                        struct period period, json_t *document);

#endif
