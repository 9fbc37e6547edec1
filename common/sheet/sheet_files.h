/* sheet_files.h: readers of the two kinds of spreadsheet file, by what they are made of. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_SHEET_FILES_H
#define TRIBUTARY_SHEET_SHEET_FILES_H

#include "sheet/archive.h"
#include "sheet/builder.h"
#include "sheet/xml.h"

/* Read all sheets into the builder. What stops them is a finding, or want of memory, in the builder. */
void ods_read(struct archive *archive, struct grid_builder *builder);
void xlsx_read(struct archive *archive, struct grid_builder *builder);

/* The same for content.xml, or a flat ODS file, as it lies in memory. */
void ods_read_content(const char *bytes, size_t length, struct grid_builder *builder);

/* Whether an archive could be such a file. */
bool ods_is(struct archive *archive);
bool xlsx_is(const struct archive *archive);

/* Has the builder refuse the file unless the outcome is good, or was the builder's own doing. */
bool builder_accept(struct grid_builder *builder, enum archive_outcome outcome, const struct name *refusal);

#endif
