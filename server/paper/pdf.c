/* pdf.c: a paper as PDF: counted, then drawn. */
#include <string.h>

#include "base/period.h"
#include "paper/press.h"

enum { SCRATCH_LIMIT = 64 * 1024 * 1024 };

static bool open_press(struct press *press, const struct paper *paper, const struct paper_fonts *fonts)
{
    *press = (struct press){.paper = paper, .language = paper->head.language};
    press->arena = arena_new(SCRATCH_LIMIT);
    if (press->arena)
        press->heading_pages = arena_alloc_array(press->arena, paper->block_count + 1, sizeof *press->heading_pages);
    if (!press->heading_pages)
        return false;
    type_open(&press->type, fonts, paper->head.language);
    return true;
}

static void close_press(struct press *press)
{
    if (press->cairo)
        cairo_destroy(press->cairo);
    if (press->surface)
        cairo_surface_destroy(press->surface);
    if (press->type.context)
        type_close(&press->type);
    arena_free(press->arena);
}

static void count_pages(struct press *press)
{
    press_blocks(press);
    press->pages = press->page;
    press->page = 0;
    press->landscape = false;
}

static cairo_status_t receive(void *context, const unsigned char *bytes, unsigned length)
{
    return buffer_append(context, bytes, length) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* As Cairo reads it: to the second, in UTC. NULL for a text that is no moment. */
static const char *whole_seconds(struct arena *arena, const char *moment)
{
    char text[TIMESTAMP_TEXT_SIZE];
    timestamp time;

    if (!moment || !timestamp_parse(moment, &time))
        return NULL;
    timestamp_format(time, text);
    return arena_format(arena, "%.19sZ", text);
}

static void set_metadata(struct press *press)
{
    const struct paper_head *head = &press->paper->head;
    const char *moment = whole_seconds(press->arena, head->moment);
    const struct {
        cairo_pdf_metadata_t what;
        const char *text;
    } items[] = {
        {CAIRO_PDF_METADATA_TITLE, head->title},      {CAIRO_PDF_METADATA_AUTHOR, head->organisation},
        {CAIRO_PDF_METADATA_SUBJECT, head->subtitle}, {CAIRO_PDF_METADATA_KEYWORDS, head->identifier},
        {CAIRO_PDF_METADATA_CREATOR, "Tributary"},    {CAIRO_PDF_METADATA_CREATE_DATE, moment},
        {CAIRO_PDF_METADATA_MOD_DATE, moment},
    };

    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (items[i].text)
            cairo_pdf_surface_set_metadata(press->surface, items[i].what, items[i].text);
}

static bool draw(struct press *press, struct buffer *out)
{
    press->surface = cairo_pdf_surface_create_for_stream(receive, out, 595.276, 841.890);
    cairo_pdf_surface_restrict_to_version(press->surface, CAIRO_PDF_VERSION_1_5);
    press->cairo = cairo_create(press->surface);
    set_metadata(press);
    press_blocks(press);
    cairo_surface_finish(press->surface);
    return cairo_status(press->cairo) == CAIRO_STATUS_SUCCESS &&
           cairo_surface_status(press->surface) == CAIRO_STATUS_SUCCESS && !arena_is_short(press->arena) &&
           !out->failed;
}

bool paper_write_pdf(const struct paper *paper, const struct paper_fonts *fonts, struct buffer *out)
{
    struct press press;
    bool good = false;

    if (!paper_is_sound(paper))
        return false;
    if (open_press(&press, paper, fonts)) {
        count_pages(&press);
        good = draw(&press, out);
    }
    close_press(&press);
    return good;
}

bool paper_paginate(const struct paper *paper, const struct paper_fonts *fonts, struct arena *arena, int **ret_pages,
                    int *ret_page_count)
{
    int *pages = arena_alloc_array(arena, paper->block_count + 1, sizeof *pages);
    struct press press;
    bool good = pages && open_press(&press, paper, fonts);

    if (good) {
        count_pages(&press);
        good = !arena_is_short(press.arena);
        memcpy(pages, press.heading_pages, paper->block_count * sizeof *pages);
        *ret_page_count = press.pages;
        *ret_pages = pages;
    }
    if (pages)
        close_press(&press);
    return good;
}
