/* file_read.c: a table file by what it is, whatever it is called. */
#include <string.h>

#include "sheet/sheet_files.h"

static const struct name too_large_words = {{"檔案超過 8 MiB", "the file is larger than 8 MiB"}};
static const struct name other_kind_words = {
    {"這不是試算表檔（.ods、.xlsx 或 .csv）", "this is no spreadsheet file (.ods, .xlsx or .csv)"}};

/* Zip archives, whole or cut off, and the older container of encrypted files. */
static bool is_archive(const char *bytes, size_t length)
{
    return (length >= 4 && memcmp(bytes, "PK\3\4", 4) == 0) || (length >= 4 && memcmp(bytes, "PK\5\6", 4) == 0) ||
           (length >= 4 && memcmp(bytes, "\xd0\xcf\x11\xe0", 4) == 0);
}

/* A flat ODF file: the whole document in one XML file. */
static bool is_flat(const char *bytes, size_t length)
{
    enum { LOOKED_AT = 4096 };
    static const char sign[] = "opendocument";
    size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    return length > mark && bytes[mark] == '<' &&
           memmem(bytes, length < LOOKED_AT ? length : LOOKED_AT, sign, sizeof sign - 1) != NULL;
}

static enum grid_file archive_kind(struct archive *archive)
{
    return ods_is(archive) ? GRID_FILE_ODS : xlsx_is(archive) ? GRID_FILE_XLSX : GRID_FILE_OTHER;
}

enum grid_file grid_file_kind(const char *bytes, size_t length)
{
    struct archive *archive = NULL;
    const struct name *refusal;
    enum grid_file kind = GRID_FILE_OTHER;

    if (!is_archive(bytes, length))
        return is_flat(bytes, length) ? GRID_FILE_ODS : GRID_FILE_CSV;
    if (archive_open(bytes, length, &archive, &refusal) == ARCHIVE_GOOD)
        kind = archive_kind(archive);
    archive_close(archive);
    return kind;
}

bool builder_accept(struct grid_builder *builder, enum archive_outcome outcome, const struct name *refusal)
{
    if (outcome == ARCHIVE_OUT_OF_MEMORY)
        return builder_run_out_of_memory(builder);
    if (outcome == ARCHIVE_REFUSED) {
        builder->spot = (struct spot){0}; /* the file is at fault, not the cell that was read last */
        return builder_refuse(builder, refusal);
    }
    return !builder->stopped;
}

static void read_archive(const char *bytes, size_t length, struct grid_builder *builder)
{
    static void (*const readers[])(struct archive * archive, struct grid_builder * builder) = {
        [GRID_FILE_ODS] = ods_read, [GRID_FILE_XLSX] = xlsx_read};
    struct archive *archive = NULL;
    const struct name *refusal = NULL;

    enum archive_outcome outcome = archive_open(bytes, length, &archive, &refusal);

    if (!builder_accept(builder, outcome, refusal))
        return;

    enum grid_file kind = archive_kind(archive);

    if (kind == GRID_FILE_OTHER)
        builder_refuse(builder, &other_kind_words);
    else
        readers[kind](archive, builder);
    archive_close(archive);
}

bool grid_read_file(const char *bytes, size_t length, struct findings *findings, struct grid *ret_grid)
{
    struct grid_builder *builder;

    if (!is_archive(bytes, length) && !is_flat(bytes, length))
        return grid_read_csv(bytes, length, findings, ret_grid);
    builder = builder_new(findings);
    if (!builder)
        return false;
    if (length > MOST_BYTES)
        builder_refuse(builder, &too_large_words);
    else if (is_archive(bytes, length))
        read_archive(bytes, length, builder);
    else
        ods_read_content(bytes, length, builder);
    if (builder->stopped)
        builder->sheet_count = 0; /* half a file would only raise questions about the other half */
    return builder_finish(builder, ret_grid);
}
