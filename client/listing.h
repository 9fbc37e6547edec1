/* listing.h: rows of aligned columns for a person, whatever the width of their screen. */
#ifndef TRIBUTARY_CLIENT_LISTING_H
#define TRIBUTARY_CLIENT_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

enum listing_style { LISTING_LEFT, LISTING_RIGHT, LISTING_WRAPS };

struct listing_column {
    const char *heading;
    enum listing_style style; /* LISTING_WRAPS: aligned left, and narrowed when the screen is */
};

struct listing;

/* An empty listing in `arena`, which also holds every text; `columns` is copied, its texts must live as long.
 * NULL without memory. */
struct listing *listing_new(struct arena *arena, const struct listing_column *columns, size_t count);

/* Adds one row of as many texts as there are columns; NULL is an empty cell, '\n' breaks a line within a cell.
 * Texts are made harmless for a terminal (text_printable()). Memory running out is remembered for listing_write(). */
void listing_row(struct listing *listing, const char *const *texts);

size_t listing_row_count(const struct listing *listing);

/* Appends the listing for a screen of so many columns (0: unlimited). Where even wrapping doesn't make it fit, each row
 * becomes a block of "heading: text" lines. False when memory ran out. */
bool listing_write(const struct listing *listing, size_t screen, struct buffer *out);

#endif
