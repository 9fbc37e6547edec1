/* csv_read.c: RFC 4180 as people's programs write it: any line ending, quotes where they like. Cells are cut in place
 * out of the decoded text, so that a file costs little more than its size; what is blank costs nothing. A row is
 * numbered as a spreadsheet numbers it: a line break inside quotes begins no new one. */
#include <string.h>

#include "sheet/builder.h"
#include "sheet/decode.h"

static const struct name too_large_words = {{"檔案超過 8 MiB", "the file is larger than 8 MiB"}};
static const struct name open_quote_words = {
    {"這一格的引號（\"）沒有結束，其後的內容無法讀取",
     "the quotes (\") of this cell are never closed; what follows can't be read"}};

struct csv_reader {
    struct grid_builder *builder;
    struct decoded decoded;
    size_t position, next_bad;
};

/* A finding for each byte left out up to `end`: they stood in this cell. */
static void report_bad_bytes(struct csv_reader *reader, size_t end)
{
    struct findings *findings = reader->builder->findings;

    for (; reader->next_bad < reader->decoded.bad_count; reader->next_bad++) {
        const struct bad_byte *bad = &reader->decoded.bad[reader->next_bad];

        if (bad->position > end)
            return;
        findings_add(findings, (struct finding){.code = FINDING_undecodable_byte,
                                                .ref = spot_ref(findings->arena, reader->builder->spot),
                                                .found = arena_format(findings->arena, "%zu", bad->number)});
    }
}

/* Copies a quoted part down to *end, doubled quotes made single. False if it is never closed. */
static bool read_quoted(struct csv_reader *reader, size_t *end)
{
    char *text = reader->decoded.text;

    for (size_t i = reader->position + 1; i < reader->decoded.length; i++) {
        if (text[i] == '"' && text[i + 1] != '"') {
            reader->position = i + 1;
            return true;
        }
        i += text[i] == '"';
        text[(*end)++] = text[i];
    }
    return false;
}

/* Cuts one cell out and steps over what ended it. NULL when reading has to stop; *ret_goes_on tells whether the row has
 * another cell. */
static const char *read_cell(struct csv_reader *reader, bool *ret_goes_on)
{
    char *text = reader->decoded.text, *cell = text + reader->position;
    size_t end = reader->position;

    if (*cell == '"' && !read_quoted(reader, &end)) {
        builder_refuse(reader->builder, &open_quote_words);
        return NULL;
    }
    /* what stands behind closing quotes belongs to the cell all the same */
    for (; reader->position < reader->decoded.length && !strchr(",\r\n", text[reader->position]); reader->position++)
        text[end++] = text[reader->position];
    report_bad_bytes(reader, reader->position);

    char ended_by = text[reader->position];

    if (ended_by)
        reader->position += ended_by == '\r' && text[reader->position + 1] == '\n' ? 2 : 1;
    text[end] = '\0';
    *ret_goes_on = ended_by == ',';
    return cell;
}

static void read_row(struct csv_reader *reader)
{
    struct grid_builder *builder = reader->builder;
    bool goes_on = builder_begin_row(builder, builder->spot.row + 1);

    for (size_t column = 0; goes_on && !builder->stopped; column++) {
        builder->spot.column = column;

        const char *text = read_cell(reader, &goes_on);

        if (text)
            builder_fill(builder, column, 1, (struct grid_cell){.text = text});
    }
    builder_end_row(builder, 1);
}

bool grid_read_csv(const char *bytes, size_t length, struct findings *findings, struct grid *ret_grid)
{
    struct csv_reader reader = {.builder = builder_new(findings)};

    if (!reader.builder)
        return false;
    if (length <= MOST_BYTES && !decode_text(findings->arena, bytes, length, &reader.decoded)) {
        findings->out_of_memory = true;
        return false;
    }
    builder_begin_sheet(reader.builder, NULL, false);
    if (length > MOST_BYTES || reader.decoded.refusal)
        builder_refuse(reader.builder, length > MOST_BYTES ? &too_large_words : reader.decoded.refusal);
    while (!reader.builder->stopped && reader.position < reader.decoded.length)
        read_row(&reader);
    reader.builder->spot = (struct spot){.row = reader.builder->spot.row + 1};
    if (!reader.builder->stopped)
        report_bad_bytes(&reader, reader.decoded.length);
    return builder_finish(reader.builder, ret_grid);
}
