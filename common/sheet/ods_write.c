/* ods_write.c: the archive of an ODS file: mimetype first and as it is, then the parts. */
#include "sheet/archive_pack.h"
#include "sheet/workbook_write.h"

enum { PART_LIMIT = 256 * 1024 * 1024, MOST_PARTS = 6 };

static const char manifest[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">"
    "<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\""
    " manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>"
    "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
    "<manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>"
    "<manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/>"
    "<manifest:file-entry manifest:full-path=\"settings.xml\" manifest:media-type=\"text/xml\"/>"
    "</manifest:manifest>";

static void write_mimetype(const struct workbook *workbook, struct buffer *out)
{
    (void)workbook;
    buffer_append_text(out, workbook_media_type(WORKBOOK_ODS));
}

static void write_manifest(const struct workbook *workbook, struct buffer *out)
{
    (void)workbook;
    buffer_append_text(out, manifest);
}

static void write_meta(const struct workbook *workbook, struct buffer *out)
{
    buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<office:document-meta xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
                            " xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\""
                            " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"><office:meta>"
                            "<meta:generator>Tributary</meta:generator><dc:title>");
    xml_append(out, workbook->title ? workbook->title : "");
    buffer_append_text(out, "</dc:title><dc:language>zh-TW</dc:language></office:meta></office:document-meta>");
}

static void append_item(struct buffer *out, const char *name, const char *type, size_t number)
{
    buffer_append_format(out, "<config:config-item config:name=\"%s\" config:type=\"%s\">%zu</config:config-item>",
                         name, type, number);
}

/* The view of one sheet: what stays in place when it is scrolled. */
static void write_view(struct buffer *out, const struct workbook_sheet *sheet)
{
    enum { SPLIT_FROZEN = 2 };

    buffer_append_text(out, "<config:config-item-map-entry config:name=\"");
    xml_append(out, sheet->name);
    buffer_append_text(out, "\">");
    if (sheet->frozen_columns) {
        append_item(out, "HorizontalSplitMode", "short", SPLIT_FROZEN);
        append_item(out, "HorizontalSplitPosition", "int", sheet->frozen_columns);
        append_item(out, "PositionRight", "int", sheet->frozen_columns);
    }
    if (sheet->frozen_rows) {
        append_item(out, "VerticalSplitMode", "short", SPLIT_FROZEN);
        append_item(out, "VerticalSplitPosition", "int", sheet->frozen_rows);
        append_item(out, "PositionBottom", "int", sheet->frozen_rows);
    }
    append_item(out, "ActiveSplitRange", "short",
                sheet->frozen_rows      ? sheet->frozen_columns ? 3 : 2
                : sheet->frozen_columns ? 1
                                        : 2);
    buffer_append_text(out,
                       "<config:config-item config:name=\"ShowGrid\" config:type=\"boolean\">false</config:config-item>"
                       "</config:config-item-map-entry>");
}

static void write_settings(const struct workbook *workbook, struct buffer *out)
{
    buffer_append_text(
        out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<office:document-settings xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
             " xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\""
             " xmlns:ooo=\"http://openoffice.org/2004/office\" office:version=\"1.3\"><office:settings>"
             "<config:config-item-set config:name=\"ooo:view-settings\"><config:config-item-map-indexed"
             " config:name=\"Views\"><config:config-item-map-entry><config:config-item config:name=\"ViewId\""
             " config:type=\"string\">view1</config:config-item><config:config-item-map-named config:name=\"Tables\">");
    for (size_t s = 0; s < workbook->sheet_count; s++)
        write_view(out, workbook->sheets[s]);
    buffer_append_text(out, "</config:config-item-map-named><config:config-item config:name=\"ActiveTable\""
                            " config:type=\"string\">");
    xml_append(out, workbook->sheets[0]->name);
    buffer_append_text(out, "</config:config-item></config:config-item-map-entry></config:config-item-map-indexed>"
                            "</config:config-item-set></office:settings></office:document-settings>");
}

/* In the order of the archive. */
static const struct part {
    const char *name;
    void (*write)(const struct workbook *workbook, struct buffer *out);
    bool stored;
} parts[MOST_PARTS] = {
    {"mimetype", write_mimetype, true},      {"content.xml", ods_write_content, false},
    {"styles.xml", ods_write_styles, false}, {"meta.xml", write_meta, false},
    {"settings.xml", write_settings, false}, {"META-INF/manifest.xml", write_manifest, false},
};

bool ods_write(const struct workbook *workbook, struct buffer *out)
{
    struct buffer written[MOST_PARTS];
    struct archive_part packed[MOST_PARTS];
    bool good = true;

    for (size_t i = 0; i < MOST_PARTS; i++) {
        written[i] = BUFFER_WITH_LIMIT(PART_LIMIT);
        parts[i].write(workbook, &written[i]);
        good = good && !written[i].failed;
        packed[i] = (struct archive_part){parts[i].name, written[i].data, written[i].length, parts[i].stored};
    }
    good = good && !arena_is_short(workbook->arena) && archive_pack(packed, MOST_PARTS, out);
    for (size_t i = 0; i < MOST_PARTS; i++)
        buffer_free(&written[i]);
    return good;
}
