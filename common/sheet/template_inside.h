/* template_inside.h: what the parts of a template's workbook share. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_TEMPLATE_INSIDE_H
#define TRIBUTARY_SHEET_TEMPLATE_INSIDE_H

#include "sheet/template.h"

struct template
{
    const struct template_request *request;
    const json_t *document; /* template_document() */
    struct arena *arena;
    struct workbook *workbook;
    size_t *code_columns; /* by the list's place in the plan: its column on the sheet of codes, SIZE_MAX for none */
};

/* Column A is hidden: it holds the marks, the codes of fields and the identities of rows. */
enum { MARK_COLUMN = 0, FIRST_COLUMN = 1, MARK_WIDTH = 200, ROW_HEIGHT = 80 };

/* Begins a comment row, which is for people only. */
#define MARK_COMMENT "##"

#define GUIDE_NAME "填表說明"
#define CODES_NAME "代碼"

/* The form's name without what stands in brackets behind it. In the arena. */
const char *template_short_name(struct arena *arena, const char *name);

/* "113年第2季", "113年度", "112–115年". In the arena. */
const char *template_period_words(const struct template_request *request, struct arena *arena);

/* "113年7月31日", "原則上113年6月30日前". NULL if the plan gives no date. In the arena. */
const char *template_due_words(const struct template_request *request, struct arena *arena);

/* Writes the title, what it is about, how to fill it in, and, on the first sheet, the identity, over so many columns from
 * FIRST_COLUMN on. Returns the next row. */
size_t template_put_top(struct template *template, struct workbook_sheet *sheet, size_t columns, const char *title);

/* Writes a row of marks that people don't see. */
void template_put_mark(struct workbook_sheet *sheet, size_t row, const char *mark, const char *value);

/* Sets the row's height to what its texts need, `least` at least. */
void template_fit_row(struct workbook_sheet *sheet, size_t row, int least);

/* A text so that the reader gives it back, in the arena. */
const char *template_text(struct template *template, const char *text);

/* ---- cells of an item (template_item.c) ---- */

enum cell_style template_item_style(const struct item *item);
/* "0 以上的整數" and the like, in the arena. */
const char *template_item_hint(const struct item *item, struct arena *arena);
int template_item_width(const struct item *item);

/* Writes a value (NULL or null: an empty cell to be filled in) so that the reader gives it back. */
void template_put_value(struct template *template, struct workbook_sheet *sheet, size_t row, size_t column,
                        const struct item *item, const json_t *value);

/* Says what may be typed into those rows of a column. */
void template_validate(struct template *template, struct workbook_sheet *sheet, size_t column, size_t first_row,
                       size_t last_row, const struct item *item);

/* ---- fields that belong together (template_group.c) ---- */

struct field_group {
    size_t count;
    const char *name; /* what they have in common, in Chinese; NULL: they stand apart */
};

/* The group that begins with that field: as far as codes begin alike and names have something in common. */
struct field_group template_group(struct arena *arena, const struct form *form, size_t first);

/* ---- sheets ---- */

/* Gives each list of codes that the form uses its column; template_add_codes() writes them. */
void template_number_codes(struct template *template);
void template_add_codes(struct template *template);
void template_add_fields(struct template *template);
void template_add_table(struct template *template, const struct table *table);
void template_add_guide(struct template *template);

#endif
