/* ods_cell.h: one cell of an ODF table, from its attributes and paragraphs to what its owner saw. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_ODS_CELL_H
#define TRIBUTARY_SHEET_ODS_CELL_H

#include "base/buffer.h"
#include "sheet/builder.h"
#include "sheet/xml.h"

enum ods_space { ODS_NONE, ODS_OFFICE, ODS_TABLE, ODS_TEXT, ODS_STYLE, ODS_CALCEXT };

/* Zero but for the limits of its buffers: ODS_CELL. */
struct ods_cell {
    int type; /* of office:value-type; see ods_cell.c */
    bool is_error;
    struct buffer value, formula, text;
    size_t paragraphs, paragraph_depth;
    bool after_blank; /* further blanks don't count (ODF 1.2, 6.1.2) */
};

#define ODS_CELL                                                                                                       \
    ((struct ods_cell){.value = BUFFER_WITH_LIMIT(MOST_CELL_TEXT),                                                     \
                       .formula = BUFFER_WITH_LIMIT(MOST_CELL_TEXT),                                                   \
                       .text = BUFFER_WITH_LIMIT(MOST_CELL_TEXT)})

void ods_cell_begin(struct ods_cell *cell, const struct xml_attributes *attributes);

/* An element inside the cell begins or ends. False: it and what is in it isn't the cell's text (a remark, a drawing). */
bool ods_cell_begin_element(struct ods_cell *cell, struct xml_name name, const struct xml_attributes *attributes);
void ods_cell_end_element(struct ods_cell *cell, struct xml_name name);
void ods_cell_text(struct ods_cell *cell, const char *bytes, size_t count);

/* What the cell holds, its text by builder_text(). False when the builder has stopped. */
bool ods_cell_end(struct ods_cell *cell, struct grid_builder *builder, struct grid_cell *ret_cell);

void ods_cell_free(struct ods_cell *cell);

#endif
