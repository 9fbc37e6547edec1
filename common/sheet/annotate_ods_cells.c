/* annotate_ods_cells.c: what a marked cell of an ODS file gets: a style that differs from its own in the background alone, and a
 * comment. */
#include <stdio.h>
#include <string.h>

#include "sheet/annotate_ods.h"

/* "mark1-ce5": the style ce5 with the colour of severity 1; "mark-ce5": without a colour of ours. */
#define MARK_STYLE "mark"

enum {
    MARK_MOST_NEW_STYLES = 2000, /* beyond it cells have a comment only */
    MARK_MOST_SEARCHES = 2000
};

/* ---- styles ------------------------------------------------------------------------------------------------------ */

/* The style that an earlier annotation started from; the style itself if it is none of ours. *ret_ours tells. */
static const char *original_style(const struct ods_document *document, const char *name, bool *ret_ours)
{
    const char *rest;

    *ret_ours = false;
    if (strncmp(name, MARK_STYLE, sizeof MARK_STYLE - 1) != 0)
        return name;
    rest = name + sizeof MARK_STYLE - 1;
    rest += *rest >= '0' && *rest < '3';
    if (*rest != '-' || !ods_find_style(document, name))
        return name;
    *ret_ours = true;
    return rest + 1;
}

/* Where the cell properties of a style stand. */
static bool find_properties(const struct ods_document *document, const struct ods_style *style, struct xml_tag *ret_tag)
{
    struct xml_scan scan = {style->range.start, style->range.end};
    struct xml_tag tag;
    struct xml_range range;

    if (!xml_next(&scan, &tag) || tag.kind != XML_OPEN)
        return false;
    while (xml_next_child(&scan, ret_tag, &range))
        if (xml_is(ret_tag, document->names.style, "table-cell-properties"))
            return true;
    return false;
}

/* Whether a style has one of our colours: a program that saved the file may have given ours another name. */
static bool has_our_colour(const struct ods_document *document, const char *name)
{
    const struct ods_style *style = ods_find_style(document, name);
    struct xml_attribute colour;
    struct xml_tag tag;

    return style && find_properties(document, style, &tag) &&
           xml_find(&tag, document->names.fo, "background-color", &colour) && colour.value_length == 7 &&
           is_severity_colour(colour.value + 1, 6);
}

/* A style but for its name and background. */
static void append_but_colour(const struct ods_document *document, const struct ods_style *style, struct buffer *out)
{
    const struct ods_names *names = &document->names;
    struct xml_scan scan = {style->range.start, style->range.end};
    struct xml_change unnamed = {names->style, "name", NULL}, uncoloured = {names->fo, "background-color", NULL};
    struct xml_tag tag, properties;

    out->length = 0;
    if (!xml_next(&scan, &tag) || !find_properties(document, style, &properties))
        return;
    xml_append_tag(out, &tag, &unnamed, 1, tag.kind);
    xml_append_range(out, tag.end, properties.start);
    xml_append_tag(out, &properties, &uncoloured, 1, properties.kind);
    xml_append_range(out, properties.end, style->range.end);
}

/* The style that one of our colour was most likely made from: the first that differs in the background alone. NULL if
 * there is none. */
static const char *find_original(const struct ods_document *document, const char *name)
{
    struct buffer wanted = BUFFER_WITH_LIMIT(64 * 1024), one = BUFFER_WITH_LIMIT(64 * 1024);
    const struct ods_style *style = ods_find_style(document, name);
    const char *found = NULL;

    append_but_colour(document, style, &wanted);
    for (size_t i = 0; i < document->style_count && !found && wanted.length > 0; i++) {
        const char *other =
            arena_copy(document->annotation->arena, document->styles[i].name, document->styles[i].name_length);

        append_but_colour(document, &document->styles[i], &one);
        if (other && one.length == wanted.length && memcmp(one.data, wanted.data, one.length) == 0 &&
            !has_our_colour(document, other))
            found = other;
    }
    buffer_free(&wanted);
    buffer_free(&one);
    return found;
}

/* A style that is declared elsewhere, or none, is the parent of the new one. */
static void append_child_style(const struct ods_document *document, const char *name, const char *parent,
                               const char *colour, struct buffer *out)
{
    const char *style = document->names.style;

    buffer_append_format(out, "<%sstyle %sname=\"%s\" %sfamily=\"table-cell\" %sparent-style-name=\"", style, style,
                         name, style, style);
    xml_append_text(out, *parent ? parent : "Default");
    buffer_append_format(out, "\"><%stable-cell-properties %sbackground-color=\"%s\"/></%sstyle>", style,
                         document->names.fo, colour, style);
}

/* A copy of an automatic style with another name and background. */
static void append_copied_style(const struct ods_document *document, const char *name, const struct ods_style *base,
                                const char *colour, struct buffer *out)
{
    const struct ods_names *names = &document->names;
    struct xml_scan scan = {base->range.start, base->range.end};
    struct xml_change renamed = {names->style, "name", name}, coloured = {names->fo, "background-color", colour};
    struct xml_tag tag = {0}, properties;

    xml_next(&scan, &tag);
    xml_append_tag(out, &tag, &renamed, 1, XML_OPEN);
    if (find_properties(document, base, &properties)) {
        xml_append_range(out, tag.end, properties.start);
        xml_append_tag(out, &properties, &coloured, 1, properties.kind);
        xml_append_range(out, properties.end, base->range.end);
        return;
    }
    buffer_append_format(out, "<%stable-cell-properties %sbackground-color=\"%s\"/>", names->style, names->fo, colour);
    xml_append_range(out, tag.end, base->range.end);
    if (tag.kind != XML_OPEN)
        xml_append_end(out, &tag);
}

/* Whether that style was made before, now or by an earlier annotation. */
static bool is_made(const struct ods_document *document, const char *name)
{
    for (const struct ods_new_style *made = document->new_styles; made; made = made->next)
        if (strcmp(made->name, name) == 0)
            return true;
    return ods_find_style(document, name) != NULL;
}

static const char *make_style(struct ods_document *document, const char *name, const char *base, const char *colour)
{
    struct ods_new_style *made = arena_alloc(document->annotation->arena, sizeof *made);
    const struct ods_style *style = ods_find_style(document, base);

    if (!name || !made) {
        annotation_run_out(document->annotation);
        return NULL;
    }
    if (is_made(document, name))
        return name;
    if (document->new_style_count++ >= MARK_MOST_NEW_STYLES)
        return NULL;
    *made = (struct ods_new_style){.name = name, .next = document->new_styles};
    document->new_styles = made;
    if (style)
        append_copied_style(document, name, style, colour, &document->new_style_text);
    else
        append_child_style(document, name, base, colour, &document->new_style_text);
    return name;
}

const char *ods_marked_style(struct ods_document *document, const char *base, const struct mark *mark)
{
    struct arena *arena = document->annotation->arena;
    char colour[8];
    bool ours;

    if (!document->names.fo)
        return NULL;
    base = original_style(document, base ? base : "", &ours);
    if (mark->text) {
        snprintf(colour, sizeof colour, "#%s", severity_colour(mark->severity));
        return make_style(document, arena_format(arena, MARK_STYLE "%d-%s", (int)mark->severity, base), base, colour);
    }
    if (has_our_colour(document, base)) {
        const char *original = document->searches++ < MARK_MOST_SEARCHES ? find_original(document, base) : NULL;

        if (original)
            return original;
        return make_style(document, arena_format(arena, MARK_STYLE "-%s", base), base, "transparent");
    }
    return ours ? (*base ? base : "Default") : NULL;
}

/* ---- comments ---------------------------------------------------------------------------------------------------- */

/* A paragraph for each line. */
static void append_lines(const struct ods_document *document, const char *lines, struct buffer *out)
{
    const char *text = document->names.text;

    while (lines) {
        const char *end = strchr(lines, '\n');
        const char *line = end ? arena_copy(document->annotation->arena, lines, (size_t)(end - lines)) : lines;

        buffer_append_format(out, "<%sp>", text);
        xml_append_text(out, line ? line : "");
        buffer_append_format(out, "</%sp>", text);
        lines = end ? end + 1 : NULL;
    }
}

/* Lines of a comment as a reader sees them, so that its frame is high enough. */
static size_t count_lines(const char *text)
{
    enum { BYTES_OF_A_LINE = 66 }; /* 22 Chinese characters fill a line of 80 mm */
    size_t lines = 0;

    for (const char *line = text; line; lines++) {
        size_t length = strcspn(line, "\n");

        lines += length / BYTES_OF_A_LINE;
        line = line[length] ? line + length + 1 : NULL;
    }
    return lines;
}

static void append_comment(const struct ods_document *document, const char *text, struct buffer *out)
{
    static const char svg[] = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
                      dc[] = "http://purl.org/dc/elements/1.1/";
    const char *office = document->names.office;
    size_t height = 5 * count_lines(text) + 4;

    buffer_append_format(out,
                         "<%sannotation %sdisplay=\"false\" xmlns:svg=\"%s\" svg:width=\"80mm\" svg:height=\"%zumm\" "
                         "xmlns:dc=\"%s\"><dc:creator>" ANNOTATION_AUTHOR "</dc:creator>",
                         office, office, svg, height < 200 ? height : 200, dc);
    append_lines(document, text, out);
    buffer_append_format(out, "</%sannotation>", office);
}

/* Where our part of a comment begins: the line between, or our first paragraph. The comment's end if it has none.
 * *ret_alone: nobody else's words stand before it. */
static const char *find_our_part(const struct ods_document *document, struct xml_range content, bool *ret_alone)
{
    struct xml_scan scan = {content.start, content.end};
    const char *line = NULL;
    struct xml_tag tag;
    struct xml_range range;
    size_t others = 0;

    while (xml_next_child(&scan, &tag, &range)) {
        size_t length = (size_t)(range.end - range.start);

        if (!xml_is(&tag, document->names.text, "p") && !xml_is(&tag, document->names.text, "list"))
            continue;
        if (annotation_has_sign(document->annotation, range.start, range.end)) {
            *ret_alone = others - (line != NULL) == 0;
            return line ? line : range.start;
        }
        line = memmem(range.start, length, ANNOTATION_LINE, strlen(ANNOTATION_LINE)) ? range.start : NULL;
        others++;
    }
    *ret_alone = others == 0;
    return content.end;
}

/* A comment that is there: without our earlier part, with a new one. */
static void append_changed_comment(const struct ods_document *document, const struct xml_tag *tag,
                                   struct xml_range comment, const char *text, struct buffer *out)
{
    bool alone;
    const char *end = find_our_part(document, xml_content(tag, comment), &alone);

    if (alone) {
        if (text)
            append_comment(document, text, out);
        return;
    }
    xml_append_range(out, comment.start, end);
    if (text) {
        append_lines(document, ANNOTATION_LINE, out);
        append_lines(document, text, out);
    }
    xml_append_end(out, tag);
}

void ods_append_content(const struct ods_document *document, struct xml_range content, const struct mark *mark,
                        struct buffer *out)
{
    struct xml_scan scan = {content.start, content.end};
    struct xml_tag tag;
    struct xml_range range;

    while (xml_next_child(&scan, &tag, &range)) {
        if (!xml_is(&tag, document->names.office, "annotation"))
            continue;
        xml_append_range(out, content.start, range.start);
        append_changed_comment(document, &tag, range, mark->text, out);
        xml_append_range(out, range.end, content.end);
        return;
    }
    if (mark->text)
        append_comment(document, mark->text, out);
    xml_append_range(out, content.start, content.end);
}
