/* annotate_xlsx_styles.c: styles.xml with formats that differ from a cell's own in the fill alone. */
#include <stdio.h>
#include <string.h>

#include "sheet/annotate_xlsx.h"

enum { MOST_NEW_FORMATS = 2000 }; /* beyond it cells have a comment only */

static bool list_formats(struct xlsx_styles *styles)
{
    struct xml_range content = xml_content(&styles->formats_tag, styles->formats), item;
    struct xml_scan scan = {content.start, content.end};
    size_t capacity = 0;
    struct xml_tag tag;

    while (xml_next_child(&scan, &tag, &item)) {
        if (styles->format_count == capacity) {
            struct xml_range *items;

            capacity = capacity ? capacity * 2 : 64;
            items = arena_alloc_array(styles->annotation->arena, capacity, sizeof *items);
            if (!items)
                return annotation_run_out(styles->annotation);
            if (styles->format_count)
                memcpy(items, styles->format_items, styles->format_count * sizeof *items);
            styles->format_items = items;
        }
        styles->format_items[styles->format_count++] = item;
    }
    return true;
}

static size_t count_children(const struct xml_tag *tag, struct xml_range element)
{
    struct xml_range content = xml_content(tag, element), item;
    struct xml_scan scan = {content.start, content.end};
    struct xml_tag child;
    size_t count = 0;

    while (xml_next_child(&scan, &child, &item))
        count++;
    return count;
}

/* Finds the lists of fills and of cell formats. */
static bool survey(struct xlsx_styles *styles)
{
    struct xml_scan scan = {styles->text, styles->text + styles->length};
    struct xml_tag root, tag;
    struct xml_range range;

    if (!xml_next(&scan, &root) || root.kind != XML_OPEN)
        return false;
    styles->prefix = xml_own_prefix(styles->annotation->arena, &root);
    while (xml_next_child(&scan, &tag, &range)) {
        if (xml_is(&tag, styles->prefix, "fills")) {
            styles->fills_tag = tag;
            styles->fills = range;
        } else if (xml_is(&tag, styles->prefix, "cellXfs")) {
            styles->formats_tag = tag;
            styles->formats = range;
        }
    }
    return styles->fills.start && styles->fills_tag.kind == XML_OPEN && styles->formats.start &&
           styles->formats_tag.kind == XML_OPEN;
}

bool xlsx_styles_read(struct annotation *annotation, const char *workbook, struct xlsx_styles *styles)
{
    const char *part = xlsx_related(annotation, workbook, "/styles", NULL);

    *styles = (struct xlsx_styles){.annotation = annotation,
                                   .new_fill_text = BUFFER_WITH_LIMIT(64 * 1024),
                                   .new_format_text = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART)};
    if (!part || !part_exists(annotation, part))
        return !annotation->failed;
    styles->text = part_read(annotation, part, &styles->length);
    if (!styles->text)
        return false;
    if (!survey(styles))
        return true;
    styles->part = part;
    styles->fill_count = count_children(&styles->fills_tag, styles->fills);
    return list_formats(styles);
}

/* The fill of a severity, made when first asked for. */
static size_t fill_of(struct xlsx_styles *styles, int severity)
{
    const char *prefix = styles->prefix;
    size_t *index = &styles->fill_indexes[severity];

    if (*index == 0) {
        *index = styles->fill_count + styles->new_fill_count++;
        buffer_append_format(&styles->new_fill_text,
                             "<%sfill><%spatternFill patternType=\"solid\"><%sfgColor rgb=\"FF%s\"/>"
                             "<%sbgColor indexed=\"64\"/></%spatternFill></%sfill>",
                             prefix, prefix, prefix, severity_colour((enum severity)severity), prefix, prefix, prefix);
    }
    return *index;
}

static void append_format(struct xlsx_styles *styles, size_t base, int fill)
{
    static const char none[] = "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>";
    struct xml_range item =
        base < styles->format_count ? styles->format_items[base] : (struct xml_range){none, none + sizeof none - 1};
    struct xml_scan scan = {item.start, item.end};
    struct buffer *out = &styles->new_format_text;
    char number[24] = "0";
    struct xml_change changes[] = {{"", "fillId", number}, {"", "applyFill", "1"}};
    struct xml_tag tag;

    if (fill != NO_FILL)
        snprintf(number, sizeof number, "%zu", fill_of(styles, fill));
    if (!xml_next(&scan, &tag))
        return;
    xml_append_tag(out, &tag, changes, 2, tag.kind);
    xml_append_range(out, tag.end, item.end);
}

/* Whether a format has one of our colours; then the cell's own fill is no longer known. */
static bool has_our_colour(const struct xlsx_styles *styles, size_t format)
{
    struct xml_range content = xml_content(&styles->fills_tag, styles->fills), item;
    struct xml_scan scan = {content.start, content.end}, one;
    struct xml_tag tag;
    struct xml_attribute colour;
    size_t wanted;

    if (format >= styles->format_count)
        return false;
    one = (struct xml_scan){styles->format_items[format].start, styles->format_items[format].end};
    if (!xml_next(&one, &tag))
        return false;
    wanted = xml_number(&tag, "", "fillId", 0);
    for (size_t i = 0; xml_next_child(&scan, &tag, &item); i++) {
        if (i != wanted)
            continue;
        for (one = (struct xml_scan){item.start, item.end}; xml_next(&one, &tag);)
            if (xml_is(&tag, styles->prefix, "fgColor") && xml_find(&tag, "", "rgb", &colour) &&
                colour.value_length == 8)
                return is_severity_colour(colour.value + 2, 6);
    }
    return false;
}

/* A format but for its fill. */
static void append_but_fill(const struct xlsx_styles *styles, size_t format, struct buffer *out)
{
    struct xml_range item = styles->format_items[format];
    struct xml_scan scan = {item.start, item.end};
    struct xml_change changes[] = {{"", "fillId", NULL}, {"", "applyFill", NULL}};
    struct xml_tag tag;

    out->length = 0;
    if (!xml_next(&scan, &tag))
        return;
    xml_append_tag(out, &tag, changes, 2, tag.kind);
    xml_append_range(out, tag.end, item.end);
}

/* The format that one of our colour was most likely made from: the first that differs in the fill alone. `format` itself
 * if there is none. */
static size_t find_original(const struct xlsx_styles *styles, size_t format)
{
    struct buffer wanted = BUFFER_WITH_LIMIT(64 * 1024), one = BUFFER_WITH_LIMIT(64 * 1024);
    size_t found = format;

    append_but_fill(styles, format, &wanted);
    for (size_t i = 0; i < styles->format_count && found == format; i++) {
        append_but_fill(styles, i, &one);
        if (wanted.length > 0 && one.length == wanted.length && memcmp(one.data, wanted.data, one.length) == 0 &&
            !has_our_colour(styles, i))
            found = i;
    }
    buffer_free(&wanted);
    buffer_free(&one);
    return found;
}

size_t xlsx_marked_format(struct xlsx_styles *styles, size_t base, const struct mark *mark)
{
    int fill = mark->text ? (int)mark->severity : NO_FILL;
    struct xlsx_new_format *made;

    if (!styles->part || (fill == NO_FILL && !has_our_colour(styles, base)))
        return base;
    if (base >= styles->format_count)
        base = 0;
    for (made = styles->new_formats; made; made = made->next)
        if (made->base == base && made->fill == fill)
            return made->index;
    if (styles->made_count++ >= MOST_NEW_FORMATS)
        return base;
    made = arena_alloc(styles->annotation->arena, sizeof *made);
    if (!made) {
        annotation_run_out(styles->annotation);
        return base;
    }
    *made = (struct xlsx_new_format){.base = base, .fill = fill, .index = base, .next = styles->new_formats};
    styles->new_formats = made;
    if (fill == NO_FILL)
        made->index = find_original(styles, base);
    if (made->index == base) {
        made->index = styles->format_count + styles->new_format_count++;
        append_format(styles, base, fill);
    }
    return made->index;
}

/* A list with more items and their number in its tag. */
static void extend(struct xlsx_styles *styles, struct xml_edits *edits, const struct xml_tag *tag,
                   struct xml_range range, size_t count, struct buffer *items)
{
    struct buffer start = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART);
    const char *end = xml_content(tag, range).end;
    char number[24];
    struct xml_change change = {"", "count", number};

    (void)styles;
    snprintf(number, sizeof number, "%zu", count);
    xml_append_tag(&start, tag, &change, 1, XML_OPEN);
    xml_replace(edits, (struct xml_range){tag->start, tag->end}, &start);
    xml_replace(edits, (struct xml_range){end, end}, items);
    buffer_free(&start);
}

bool xlsx_styles_write(struct xlsx_styles *styles)
{
    struct xml_edits edits = {.arena = styles->annotation->arena};
    struct buffer text = BUFFER_WITH_LIMIT(2 * (size_t)ANNOTATION_LARGEST_PART);
    bool good = true;

    if (styles->new_format_count > 0) {
        if (styles->new_fill_count > 0)
            extend(styles, &edits, &styles->fills_tag, styles->fills, styles->fill_count + styles->new_fill_count,
                   &styles->new_fill_text);
        extend(styles, &edits, &styles->formats_tag, styles->formats, styles->format_count + styles->new_format_count,
               &styles->new_format_text);
        good = xml_apply(&edits, styles->text, styles->length, &text);
        if (good)
            good = part_write(styles->annotation, styles->part, &text, true);
        else
            annotation_run_out(styles->annotation);
    }
    buffer_free(&text);
    buffer_free(&styles->new_fill_text);
    buffer_free(&styles->new_format_text);
    return good;
}
