/* odt.c: a paper as ODT: its parts, its pictures, its archive. */
#include "paper/odt.h"

#include <string.h>

#include "sheet/archive_pack.h"
#include "sheet/sound_text.h"

enum { SCRATCH_LIMIT = 64 * 1024 * 1024, FIXED_PARTS = 5 };

static const char media_type[] = "application/vnd.oasis.opendocument.text";

/* ---- parts --------------------------------------------------------------------------------------------------------------- */

static void append_meta(struct buffer *out, const char *element, const char *text)
{
    if (!text)
        return;
    buffer_append_format(out, "<%s>", element);
    xml_append(out, text);
    buffer_append_format(out, "</%s>", element);
}

static void write_meta(const struct odt *odt, struct buffer *out)
{
    const struct paper_head *head = &odt->paper->head;

    buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<office:document-meta xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
                            " xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\""
                            " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"><office:meta>"
                            "<meta:generator>Tributary</meta:generator>");
    append_meta(out, "dc:title", head->title);
    append_meta(out, "dc:subject", head->subtitle);
    append_meta(out, "meta:keyword", head->identifier);
    append_meta(out, "dc:description", head->sample);
    append_meta(out, "meta:initial-creator", head->organisation);
    append_meta(out, "dc:creator", head->organisation);
    append_meta(out, "meta:creation-date", head->moment);
    append_meta(out, "dc:date", head->moment);
    append_meta(out, "dc:language", odt->language == LANGUAGE_ZH ? "zh-TW" : "en-GB");
    buffer_append_text(out, "</office:meta></office:document-meta>");
}

static const char *picture_name(const struct odt *odt, const struct paper_chart *chart)
{
    const char *name = arena_format(odt->arena, "Pictures/chart-%u.png", chart->number);

    return name ? name : "";
}

static void write_manifest(const struct odt *odt, struct buffer *out)
{
    const struct paper *paper = odt->paper;

    buffer_append_text(
        out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\""
             " manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\""
             " manifest:media-type=\"application/vnd.oasis.opendocument.text\"/>"
             "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
             "<manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>"
             "<manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/>");
    for (size_t i = 0; i < paper->block_count; i++)
        if (paper->blocks[i].kind == PAPER_CHART)
            buffer_append_format(out,
                                 "<manifest:file-entry manifest:full-path=\"%s\" manifest:media-type=\"image/png\"/>",
                                 picture_name(odt, paper->blocks[i].chart));
    buffer_append_text(out, "</manifest:manifest>");
}

/* Draws every chart into a part of its own. */
static bool draw_pictures(const struct odt *odt, struct buffer *pictures, struct archive_part *parts)
{
    const struct paper *paper = odt->paper;
    size_t count = 0;
    bool good = true;

    for (size_t i = 0; i < paper->block_count && good; i++) {
        if (paper->blocks[i].kind != PAPER_CHART)
            continue;
        pictures[count] = BUFFER_WITH_LIMIT(PAPER_FILE_LIMIT);
        good = odt_picture(odt, paper->blocks[i].chart, &pictures[count]);
        parts[count] = (struct archive_part){picture_name(odt, paper->blocks[i].chart), pictures[count].data,
                                             pictures[count].length, true};
        count++;
    }
    return good;
}

/* The XML parts, in the order of the archive. */
static bool write_parts(struct odt *odt, struct buffer *texts, struct archive_part *parts)
{
    static const char *const names[FIXED_PARTS] = {"mimetype", "content.xml", "styles.xml", "meta.xml",
                                                   "META-INF/manifest.xml"};
    bool good = true;

    for (size_t i = 0; i < FIXED_PARTS; i++)
        texts[i] = BUFFER_WITH_LIMIT(PAPER_FILE_LIMIT);
    buffer_append_text(&texts[0], media_type);
    odt->out = &texts[1];
    odt_write_content(odt);
    odt->out = &texts[2];
    odt_write_styles(odt);
    write_meta(odt, &texts[3]);
    write_manifest(odt, &texts[4]);
    for (size_t i = 0; i < FIXED_PARTS; i++) {
        parts[i] = (struct archive_part){names[i], texts[i].data, texts[i].length, i == 0};
        good = good && !texts[i].failed;
    }
    return good && !arena_is_short(odt->arena);
}

static bool write_all(struct odt *odt, struct buffer *out)
{
    size_t charts = odt->paper->chart_count, count = FIXED_PARTS + charts;
    struct archive_part *parts = arena_alloc_array(odt->arena, count, sizeof *parts);
    struct buffer *pieces = arena_alloc_array(odt->arena, count, sizeof *pieces);
    bool good;

    if (!parts || !pieces)
        return false;
    good = draw_pictures(odt, pieces + FIXED_PARTS, parts + FIXED_PARTS) && write_parts(odt, pieces, parts) &&
           archive_pack(parts, count, out);
    for (size_t i = 0; i < count; i++)
        buffer_free(&pieces[i]);
    return good;
}

bool paper_write_odt(const struct paper *paper, const struct paper_fonts *fonts, struct buffer *out)
{
    struct odt odt = {.paper = paper, .fonts = fonts ? *fonts : (struct paper_fonts){0}};
    int *pages, page_count;
    bool good = false;

    if (!paper_is_sound(paper))
        return false;
    odt.language = paper->head.language;
    odt.arena = arena_new(SCRATCH_LIMIT);
    if (odt.arena && paper_paginate(paper, fonts, odt.arena, &pages, &page_count)) {
        odt.heading_pages = pages;
        good = write_all(&odt, out);
    }
    arena_free(odt.arena);
    return good;
}
