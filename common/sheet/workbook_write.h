/* workbook_write.h: what the writers of a workbook share: the look of each style, and lawful XML. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_WORKBOOK_WRITE_H
#define TRIBUTARY_SHEET_WORKBOOK_WRITE_H

#include "sheet/sound_text.h"
#include "sheet/workbook.h"

enum number_look { NUMBER_GENERAL, NUMBER_TEXT, NUMBER_GROUPED, NUMBER_DATE, NUMBER_RATE, NUMBER_LOOK_COUNT };
enum alignment { ALIGN_START, ALIGN_CENTRE, ALIGN_END, ALIGNMENT_COUNT };

/* Colours are 0xRRGGBB; NO_COLOUR: none. */
enum { NO_COLOUR = -1 };

struct cell_look {
    const char *name; /* ASCII, for style names */
    int points;
    bool bold, bordered, wrapped, unlocked;
    int ink, paper;
    enum alignment alignment;
    enum number_look number;
};

extern const struct cell_look cell_looks[STYLE_COUNT];

/* The fonts of government documents; where it isn't installed, programs take a similar one. */
#define WORKBOOK_FONT "標楷體"

/* The columns' widths in all, of those that are seen, in tenths of a millimetre. */
int sheet_width(const struct workbook_sheet *sheet);

/* The height that the row's wrapped texts need, by an estimate: not every program makes room for them by itself. 0: one
 * line will do. */
int row_text_height(const struct workbook_sheet *sheet, const struct workbook_row *row);

/* What a page of A4 has between its margins, across. */
int page_width(bool landscape);
enum { PAGE_MARGIN = 150, DEFAULT_COLUMN_WIDTH = 226 };

bool ods_write(const struct workbook *workbook, struct buffer *out);
bool xlsx_write(const struct workbook *workbook, struct buffer *out);

/* The parts of an ODS file. */
void ods_write_styles(const struct workbook *workbook, struct buffer *out);
void ods_write_content(const struct workbook *workbook, struct buffer *out);
void ods_write_validations(const struct workbook *workbook, struct buffer *out);
/* Appends the attribute that names the validation of a cell, if it has one. */
void ods_name_validation(struct buffer *out, const struct workbook_sheet *sheet, size_t sheet_index, size_t row,
                         size_t column);
/* The number and cell styles that styles.xml has for every style, and the page of a sheet. */
void ods_page_name(const struct workbook_sheet *sheet, char ret_name[static 32]);

#endif
