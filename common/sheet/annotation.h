/* annotation.h: what is to be said at which cell; what the annotators of ODS, XLSX and CSV share. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_ANNOTATION_H
#define TRIBUTARY_SHEET_ANNOTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "form/findings.h"
#include "sheet/archive_change.h"

/* Who says so; also the sign by which our part of a comment is found again, whoever saved the file in between. */
#define ANNOTATION_AUTHOR "Tributary 匯流"
#define ANNOTATION_SIGN   "【Tributary 匯流】"
/* The member of an ODS file that holds its sheets. */
#define ODS_CONTENT "content.xml"
/* Between a person's comment and ours. */
#define ANNOTATION_LINE "────────"

enum {
    ANNOTATION_LARGEST_PART = 64 * 1024 * 1024, /* of an archive, before it is edited */
    ANNOTATION_LARGEST_TEXT = 8 * 1024,         /* of a comment */
    MOST_SHEET_ROWS = 1024 * 1024,
    MOST_SHEET_COLUMNS = 16 * 1024
};

/* A finding on its way to a cell. Row 0: it has none. */
struct remark {
    const char *sheet, *ref;
    size_t sheet_index, row, column; /* row from 1, column from 0 */
    size_t number;                   /* in the order of the findings */
    bool hidden;                     /* its cell can't be seen */
    enum severity severity;
    const struct finding *finding;
};

/* A cell to be marked, or, without a text, to be rid of an earlier mark. */
struct mark {
    size_t row, column;
    enum severity severity;
    const char *text; /* lines; NULL: none any more */
};

struct marks {
    struct mark *items; /* by row and column */
    size_t count, capacity;
};

struct annotation {
    struct arena *arena;
    enum language language;
    struct remark *remarks; /* by sheet, row, column */
    size_t remark_count, cell_count;
    size_t gather_steps;     /* spent on areas, which a hostile file may have in great number */
    struct archive *archive; /* NULL for CSV */
    struct archive_change *changes;
    size_t change_count, change_capacity;
    const struct name *refusal;
    bool failed; /* with a refusal, else for want of memory */
};

/* A merged area, or another one whose remarks belong to its first cell. */
struct cell_area {
    size_t row, column, rows, columns;
};

/* Says that the file can't be annotated; keeps the first reason. Returns false. */
bool annotation_refuse(struct annotation *annotation, const struct name *words);
bool annotation_run_out(struct annotation *annotation);

/* Finds the sheet of each remark and sorts them. What is on none of the sheets loses its cell. */
void remarks_assign(struct annotation *annotation, const char *const *sheets, size_t count);

/* The remarks of a sheet: a part of annotation->remarks. */
struct remark *remarks_of_sheet(struct annotation *annotation, size_t sheet, size_t *ret_count);

/* Notes that the cells of an area can't be seen; the remarks are in order. */
void remarks_hide(struct annotation *annotation, struct remark *remarks, size_t count, const struct cell_area *area);

/* Moves remarks without a cell, or whose cell can't be seen, to that one, and those inside an area to its first cell. */
void remarks_settle(struct remark *remarks, size_t count, size_t row, size_t column);
void remarks_gather(struct annotation *annotation, struct remark *remarks, size_t count, const struct cell_area *area);

/* The marks that the remarks of a sheet come to. */
bool marks_make(struct annotation *annotation, struct remark *remarks, size_t count, struct marks *ret_marks);

bool marks_add(struct annotation *annotation, struct marks *marks, struct mark mark);

/* Adds a cell to be rid of its mark unless it has a new one; marks_sort() must follow. */
bool marks_add_clean(struct annotation *annotation, struct marks *marks, size_t row, size_t column);
void marks_sort(struct marks *marks);

/* The colour of a cell that bears a finding, "FFC7CE". */
const char *severity_colour(enum severity severity);
bool is_severity_colour(const char *colour, size_t length);

/* "H7" to row and column; false if it is none. */
bool ref_parse(const char *text, size_t length, size_t *ret_row, size_t *ret_column);

/* Whether that much XML holds our sign as a reader sees it: programs cut a text into runs of letters and characters. */
bool annotation_has_sign(struct annotation *annotation, const char *start, const char *end);

/* The end of a person's own words before our part, which begins at `sign`: without the line and line breaks between. */
const char *annotation_others_end(const char *start, const char *sign);

/* What a comment says, line for line; one finding alone without the heading for CSV. NULL without memory. */
const char *remarks_text(struct annotation *annotation, const struct remark *remarks, size_t count, bool heading);

/* The current text of a member: as changed, else as it is in the archive. NULL: refused. */
const char *part_read(struct annotation *annotation, const char *name, size_t *ret_length);
bool part_exists(const struct annotation *annotation, const char *name);

/* Sets a member's text, taken from a buffer, which is freed. Refuses what is no longer sound XML if it should be. */
bool part_write(struct annotation *annotation, const char *name, struct buffer *text, bool is_xml);

/* Adds a member that no archive holds; the text isn't copied. */
bool part_add(struct annotation *annotation, const char *name, const char *text, size_t length);

/* One for each kind of file. */
bool annotate_ods(struct annotation *annotation);
bool annotate_xlsx(struct annotation *annotation);
bool annotate_csv(struct annotation *annotation, const char *bytes, size_t length, struct buffer *out);

#endif
