/* listing.c: measuring, narrowing and writing a listing. */
#include "listing.h"

#include <string.h>

#include "width.h"

enum { GAP = 2, LEAST_WRAPPED = 10, LEAST_BLOCK_TEXT = 16 };

struct row {
    struct row *next;
    const char *texts[];
};

struct listing {
    struct arena *arena;
    struct listing_column *columns;
    size_t column_count, row_count;
    struct row *rows, **end;
    bool out_of_memory;
};

struct listing *listing_new(struct arena *arena, const struct listing_column *columns, size_t count)
{
    struct listing *listing = arena_alloc(arena, sizeof *listing);

    if (!listing || !(listing->columns = arena_alloc_array(arena, count, sizeof *columns)))
        return NULL;
    memcpy(listing->columns, columns, count * sizeof *columns);
    listing->arena = arena;
    listing->column_count = count;
    listing->end = &listing->rows;
    return listing;
}

void listing_row(struct listing *listing, const char *const *texts)
{
    if (!listing)
        return;

    struct row *row = arena_alloc(listing->arena, sizeof *row + listing->column_count * sizeof *row->texts);

    for (size_t i = 0; row && i < listing->column_count; i++) {
        row->texts[i] = text_printable(listing->arena, texts[i] ? texts[i] : "");
        if (!row->texts[i])
            row = NULL;
    }
    if (!row) {
        listing->out_of_memory = true;
        return;
    }
    *listing->end = row;
    listing->end = &row->next;
    listing->row_count++;
}

size_t listing_row_count(const struct listing *listing)
{
    return listing ? listing->row_count : 0;
}

/* The widest of the lines of a text. */
static size_t widest_line(const char *text)
{
    size_t most = 0;

    while (*text) {
        size_t length = strcspn(text, "\n"), width = text_width(text);

        most = width > most ? width : most;
        text += length + (text[length] == '\n');
    }
    return most;
}

static void measure(const struct listing *listing, size_t *widths)
{
    for (size_t i = 0; i < listing->column_count; i++)
        widths[i] = text_width(listing->columns[i].heading);
    for (const struct row *row = listing->rows; row; row = row->next) {
        for (size_t i = 0; i < listing->column_count; i++) {
            size_t width = widest_line(row->texts[i]);

            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
}

static size_t total_width(const size_t *widths, size_t count)
{
    size_t total = GAP * (count - 1);

    for (size_t i = 0; i < count; i++)
        total += widths[i];
    return total;
}

/* Takes columns off the widest that may wrap until all fits. False if it can't. */
static bool narrow(const struct listing *listing, size_t screen, size_t *widths)
{
    size_t total = total_width(widths, listing->column_count);

    for (; total > screen; total--) {
        size_t *widest = NULL;

        for (size_t i = 0; i < listing->column_count; i++)
            if (listing->columns[i].style == LISTING_WRAPS && widths[i] > LEAST_WRAPPED &&
                (!widest || widths[i] > *widest))
                widest = &widths[i];
        if (!widest)
            return false;
        (*widest)--;
    }
    return true;
}

static void append_spaces(struct buffer *out, size_t count)
{
    for (; count > 0; count--)
        buffer_append_char(out, ' ');
}

/* The next line of *text for that width, without its trailing spaces, in `line`; moves *text behind it. */
static bool next_line(struct arena *arena, const char **text, size_t width, const char **ret_line)
{
    size_t room = strcspn(*text, "\n");
    const char *paragraph = arena_copy(arena, *text, room);

    if (!paragraph)
        return false;

    size_t used = text_break(paragraph, width), shown = used;

    while (shown > 0 && paragraph[shown - 1] == ' ')
        shown--;
    *ret_line = arena_copy(arena, paragraph, shown);
    *text += used;
    if (used == room && **text == '\n')
        (*text)++;
    return *ret_line != NULL;
}

/* Writes one cell's line; only what another column follows is padded. */
static void write_piece(struct buffer *out, const char *line, size_t width, enum listing_style style, bool last)
{
    size_t fill = width > text_width(line) ? width - text_width(line) : 0;

    if (style == LISTING_RIGHT)
        append_spaces(out, fill);
    buffer_append_text(out, line);
    if (style != LISTING_RIGHT && !last)
        append_spaces(out, fill);
}

static void trim_line(struct buffer *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
}

static bool write_row(const struct listing *listing, const char *const *texts, const size_t *widths, struct buffer *out)
{
    size_t count = listing->column_count;
    const char **rest = arena_alloc_array(listing->arena, count, sizeof *rest);
    bool more = true;

    if (!rest)
        return false;
    memcpy(rest, texts, count * sizeof *rest);
    while (more) {
        more = false;
        for (size_t i = 0; i < count; i++) {
            const char *line;

            if (!next_line(listing->arena, &rest[i], widths[i], &line))
                return false;
            more = more || *rest[i];
            if (i > 0)
                append_spaces(out, GAP);
            write_piece(out, line, widths[i], listing->columns[i].style, i + 1 == count);
        }
        trim_line(out);
        buffer_append_char(out, '\n');
    }
    return true;
}

static bool write_columns(const struct listing *listing, const size_t *widths, struct buffer *out)
{
    const char **headings = arena_alloc_array(listing->arena, listing->column_count, sizeof *headings);

    if (!headings)
        return false;
    for (size_t i = 0; i < listing->column_count; i++)
        headings[i] = listing->columns[i].heading;
    if (!write_row(listing, headings, widths, out))
        return false;
    for (size_t i = 0; i < listing->column_count; i++) {
        for (size_t c = 0; c < widths[i]; c++)
            buffer_append_char(out, '-');
        append_spaces(out, i + 1 < listing->column_count ? GAP : 0);
    }
    buffer_append_char(out, '\n');
    for (const struct row *row = listing->rows; row; row = row->next)
        if (!write_row(listing, row->texts, widths, out))
            return false;
    return true;
}

static bool write_block_line(const struct listing *listing, size_t column, const char *text, size_t label_width,
                             size_t screen, struct buffer *out)
{
    size_t room = screen > label_width + GAP + LEAST_BLOCK_TEXT ? screen - label_width - GAP : LEAST_BLOCK_TEXT;
    const char *line;

    buffer_append_text(out, listing->columns[column].heading);
    append_spaces(out, label_width - text_width(listing->columns[column].heading) + GAP);
    for (bool first = true; *text; first = false) {
        if (!first)
            append_spaces(out, label_width + GAP);
        if (!next_line(listing->arena, &text, room, &line))
            return false;
        buffer_append_text(out, line);
        buffer_append_char(out, '\n');
    }
    return true;
}

static bool write_blocks(const struct listing *listing, size_t screen, struct buffer *out)
{
    size_t label_width = 0;

    for (size_t i = 0; i < listing->column_count; i++) {
        size_t width = text_width(listing->columns[i].heading);

        label_width = width > label_width ? width : label_width;
    }
    for (const struct row *row = listing->rows; row; row = row->next) {
        if (row != listing->rows)
            buffer_append_char(out, '\n');
        for (size_t i = 0; i < listing->column_count; i++)
            if (*row->texts[i] && !write_block_line(listing, i, row->texts[i], label_width, screen, out))
                return false;
    }
    return true;
}

bool listing_write(const struct listing *listing, size_t screen, struct buffer *out)
{
    if (!listing || listing->out_of_memory)
        return false;

    size_t *widths = arena_alloc_array(listing->arena, listing->column_count, sizeof *widths);

    if (!widths)
        return false;
    measure(listing, widths);

    bool fits = screen == 0 || narrow(listing, screen, widths);

    return (fits ? write_columns(listing, widths, out) : write_blocks(listing, screen, out)) && !out->failed;
}
