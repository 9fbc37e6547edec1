/* tabular.h: replying with a table as CSV, ODS or XLSX. Private to api/. */
#ifndef TRIBUTARY_API_TABULAR_H
#define TRIBUTARY_API_TABULAR_H

#include "http/request.h"
#include "plans/shelf.h"
#include "sheet/tabulation.h"

/* A table of the request's, in its arena, with its title in the reader's language; what follows the title's words may be
 * NULL. It says of which plan it is (unless that is NULL), when it was made, and that figures are synthetic where they
 * are. NULL without memory, which reply_tabulation() takes. */
struct tabulation *new_tabulation(struct request *request, const struct plan *plan, const struct name *title,
                                  const char *of, const struct tabulation_column *columns, size_t column_count);

/* "113年度", "113年第2季"; in English "ROC 113", "ROC 113 Q2". In the arena; the text itself if it is no period of a year. */
const char *period_words(const struct request *request, const char *period);

/* Adds a line above the table, its label in the reader's language. */
void note_tabulation(const struct request *request, struct tabulation *tabulation, const struct name *label,
                     const char *text);

/* Adds a row for each object of a list. A column is a member, a member's member ("extension.until"), or an object with a
 * wording in both languages; lists are joined. The texts must live until the table is written. */
void tabulate_list(struct request *request, struct tabulation *tabulation, const json_t *list);

/* Replies with the table in the format that was asked for, which isn't JSON. */
enum step_result reply_tabulation(struct request *request, struct tabulation *tabulation);

/* Replies with a workbook in the format that was asked for, ODS or XLSX. A NULL one is an internal problem. */
enum step_result reply_workbook(struct request *request, const struct workbook *workbook);

/* What is said of a sample's figures, in the reader's language; NULL where the database is none. */
const char *sample_label(const struct request *request);

#endif
