/* write.h: a paper as a file. The same paper gives the same bytes with the same release, fonts and libraries: the bytes of
 * a PDF also depend on Cairo, Pango, HarfBuzz and FreeType, the pictures of an ODT on these and libpng, and whatever is
 * compressed on zlib. No time is taken, no number drawn by lot. */
#ifndef TRIBUTARY_PAPER_WRITE_H
#define TRIBUTARY_PAPER_WRITE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "paper/paper.h"

/* Families of fonts, each a list "one, another" of which the first that is installed is taken. Those of a PDF must be
 * installed where it is made; those of an ODT are only named. NULL: the usual ones. */
struct paper_fonts {
    const char *script; /* Chinese: "TW-Kai" (全字庫正楷體) and what comes near to it */
    const char *latin;  /* ASCII: "Liberation Serif", of the widths of Times New Roman */
};

enum { PAPER_FILE_LIMIT = 128 * 1024 * 1024 };

/* Appends the file; `fonts` may be NULL. False if the paper isn't sound, without memory, or beyond the buffer's limit.
 * Pango and GLib, which set the text of PDF and charts, end the program when the system has no memory left for them. */
bool paper_write_pdf(const struct paper *paper, const struct paper_fonts *fonts, struct buffer *out);
bool paper_write_odt(const struct paper *paper, const struct paper_fonts *fonts, struct buffer *out);

/* Every table and the figures of every chart, a sheet each. False also for a paper without any, or with more than a
 * workbook has room for (WORKBOOK_MOST_SHEETS). */
bool paper_write_ods(const struct paper *paper, struct buffer *out);

/* The paper as JSON: head, and blocks in their order. The caller owns it. NULL if the paper isn't sound or without
 * memory. */
json_t *paper_to_json(const struct paper *paper);

/* On which page each heading stands in the PDF, by block; others are 0. False without memory. */
bool paper_paginate(const struct paper *paper, const struct paper_fonts *fonts, struct arena *arena, int **ret_pages,
                    int *ret_page_count);

#endif
