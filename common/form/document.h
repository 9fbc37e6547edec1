/* document.h: a document against its form: cells, findings, the elements it yields. The same code judges in the
 * client and in the daemon. */
#ifndef TRIBUTARY_FORM_DOCUMENT_H
#define TRIBUTARY_FORM_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/decimal.h"
#include "form/findings.h"
#include "plan/plan.h"

/* Blank and zero are never confused (domain.md 6.4). */
enum cell_state { CELL_BLANK, CELL_VALUE, CELL_NOT_YET, CELL_NOT_APPLICABLE };

struct cell {
    enum cell_state state;
    const json_t *json; /* what was sent; NULL if left out */
    struct decimal number;
    struct date date;
    bool faulty; /* has an error of its own: rules leave it alone */
};

struct row {
    const char *identity;
    json_t *json;
    struct cell *cells; /* one for each column of the table */
};

struct table_rows {
    bool declared; /* false: the table was left out, it is blank */
    struct row *rows;
    size_t row_count;
    const struct row **by_identity; /* sorted, once rows_find() was asked */
    size_t identity_count;
};

struct document {
    const struct plan *plan;
    const struct form *form;
    const struct office *office;
    struct period period;
    const char *period_text, *event; /* event: NULL if none was given */
    int64_t base;
    bool has_base;
    json_t *json; /* without `base`, with an identity for every row */
    struct cell *fields;
    struct table_rows *tables;
    size_t value_count; /* fields that aren't blank */
    size_t row_count;   /* rows of all tables */
    bool reported;      /* at least one value, or a table declared empty */
    bool provisional;   /* counted before the year's end */
};

/* What an element of one document is. */
struct element_value {
    enum cell_state state;
    struct decimal value;
};

/* Judges a document: structure, cells, rules; every finding goes to `findings`, whose arena also holds the
 * document. `json` is taken over and released by document_release(), also on failure. Returns NULL if the form
 * can't be told (there is a finding) or memory is short (findings->out_of_memory). The document is fit to be
 * stored only if findings->error_count is 0. */
struct document *document_judge(const struct plan *plan, json_t *json, struct findings *findings);
void document_release(struct document *document);

/* Appends the canonical form (RFC 8785) without `base`. */
bool document_write_canonical(const struct document *document, struct buffer *out);

/* The elements in the order of form->elements; in `arena`, NULL without memory. */
struct element_value *document_elements(const struct document *document, struct arena *arena);

/* ---- steps of document_judge(), each in a file of its own ---- */

/* Reads form, office, period, event and base. False if the form can't be told; *ret_has_period: the period is sound. */
bool head_read(struct document *document, bool *ret_has_period, struct findings *findings);

/* Looks at the notes; a path that leads nowhere is a warning. */
void notes_read(const struct document *document, struct findings *findings);

/* Reads one cell against its item; findings go to `place`. */
struct cell cell_read(const struct item *item, const json_t *json, struct place place, struct findings *findings);

/* Gives every row its identity: the key columns, `_row`, or a digest of its content. */
bool rows_identify(const struct table *table, struct table_rows *rows, struct findings *findings);

/* The number of the row that has that identity, from 1; the first question sorts the rows (in `arena`). 0: there is none, or
 * no memory. */
size_t rows_find(struct table_rows *rows, struct arena *arena, const char *identity);

/* Applies the form's rules, those that speak of its elements last. */
void rules_apply(const struct document *document, struct findings *findings);
void element_rules_apply(const struct document *document, struct findings *findings);

/* Whether a note that isn't empty explains the place: the note of its cell, or of its row; of a table as a whole, the
 * table's. A finding to be explained that has its note isn't made. */
bool document_has_note(const struct document *document, struct arena *arena, struct place place);

#endif
