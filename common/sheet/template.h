/* template.h: a form to be filled in, as a document skeleton, as CSV and as a workbook, with what is known put in. Handed
 * in as it comes it says nothing; filled in, it needs no word beside it: form, office, period and base stand in it. */
#ifndef TRIBUTARY_SHEET_TEMPLATE_H
#define TRIBUTARY_SHEET_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "plan/plan.h"
#include "sheet/workbook.h"

struct template_request {
    const struct plan *plan;
    const struct form *form;
    const struct office *office;
    struct period period;   /* of the form's kind */
    const char *event;      /* NULL: none, or not given yet */
    const json_t *document; /* fields, tables, notes and base known so far (api.md); NULL: nothing */
    bool sample;            /* labelled as synthetic sample data */
};

/* The document's skeleton: every field and table of the form is there, null where nothing is known. The caller owns it;
 * NULL without memory. */
json_t *template_document(const struct template_request *request);

/* Appends the CSV of it (csv_write_document()), with the headings of every table. */
bool template_write_csv(const struct template_request *request, struct buffer *out);

/* The workbook: sheets for the fields and for each table, a guide, and the hidden lists of codes. NULL without memory.
 * It lies in the arena. */
struct workbook *template_workbook(const struct template_request *request, struct arena *arena);

/* What a number counts, in Chinese: "人次", "元". The plan's own word where there is none; NULL without a unit. */
const char *template_item_unit(const struct item *item);

/* A file name without its ending: "training-quarterly_68000070_113Q2", and in Chinese "培力成果表_龜山區_113年第2季". In the
 * arena. */
const char *template_file_name(const struct template_request *request, enum language language, struct arena *arena);

#endif
