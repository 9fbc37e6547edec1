/* comparison.h: the figures of a document beside those of the same form and office in an earlier period, and which of their
 * changes the plan calls unusual. */
#ifndef TRIBUTARY_FORM_COMPARISON_H
#define TRIBUTARY_FORM_COMPARISON_H

#include "form/document.h"

/* Which earlier document a figure is held against: the same period of last year; the quarter before (of a form of years
 * the year before); or one that was named. */
enum reference { REFERENCE_LAST_YEAR, REFERENCE_PREVIOUS, REFERENCE_GIVEN };
enum { REFERENCE_COUNT = 3 };

/* "last_year", "previous", "given". */
const char *reference_name(enum reference reference);

/* The earlier period; false if the form has none: one for the whole plan, and one of events, which can't be told apart. */
bool reference_period(const struct form *form, struct period period, enum reference reference,
                      struct period *ret_period);

/* Whether the plan says of any figure of the form what is unusual beside that reference. */
bool reference_is_judged(const struct form *form, enum reference reference);

enum unusual {
    UNUSUAL_NOT,
    UNUSUAL_ROSE,
    UNUSUAL_FELL,
    UNUSUAL_BECAME_ZERO,
    UNUSUAL_WAS_ZERO,
    UNUSUAL_BECAME_BLANK,
};

/* "rose", "fell", "became_zero", "was_zero", "became_blank"; NULL for what isn't unusual. */
const char *unusual_name(enum unusual unusual);

/* The same in a few words: "增加達 50%", "rose by at least 50%". In `arena`; NULL without memory. */
const char *unusual_words(struct arena *arena, enum unusual unusual, const struct unusual_rule *rule,
                          enum language language);

/* One figure of two documents. */
struct compared {
    struct place place; /* a field; a table's column, for its sum; a table, for the number of its rows; a cell */
    const struct element *element; /* NULL: a cell of a row */
    const struct item *item;       /* the field or column; NULL: rows are counted */
    const struct name *name;
    struct element_value now, earlier;   /* blank where the document, the row or the element isn't there */
    bool has_change;                     /* both are values */
    struct decimal change;               /* now - earlier */
    char percent[DECIMAL_TEXT_SIZE + 1]; /* of the earlier figure, two decimals, half up away from zero; "": none */
    enum unusual unusual;
    const struct unusual_rule *rule; /* by which it is; or NULL */
};

/* What two figures come to by a rule (NULL: none is unusual), set in `compared`, whose now and earlier are there. A change of
 * fewer than rule->least is never unusual, a value that became blank always, one that isn't known or applicable never. */
void figures_compare(const struct unusual_rule *rule, struct compared *compared);

/* Every element of the document's form, in order; then the numeric cells of rows of tables with a key, beside the row of the
 * same key, at most MOST_COMPARED_CELLS of them, those of rows that are gone last. `earlier` may be of another plan: its
 * elements, tables and columns are found by their codes; NULL: there is none, and nothing is unusual. In `arena`, as the
 * documents' memory; NULL without memory. */
enum { MOST_COMPARED_CELLS = 20000 };
struct compared *documents_compare(const struct document *document, const struct document *earlier,
                                   enum reference reference, struct arena *arena, size_t *ret_count);

/* Adds a warning for every unusual change; of a table that was left out there is one. */
void comparison_check(const struct document *document, const struct document *earlier, enum reference reference,
                      struct findings *findings);

#endif
