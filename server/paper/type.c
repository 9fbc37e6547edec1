/* type.c: text set with Pango. Nothing of the screen comes into it: no hints, no rounding, 72 dots to the inch, so that
 * a line breaks alike in a PDF, in a picture and while pages are counted. */
#include "paper/type.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Where 標楷體 isn't installed, the official 全字庫正楷體 comes first, then what has the characters at all. */
const char type_usual_script[] =
    "TW-Kai, TW-Kai-Ext-B, TW-Kai-Plus, 標楷體, DFKai-SB, AR PL UKai TW, Noto Serif CJK TC, Noto Sans CJK TC, serif";
const char type_usual_latin[] = "Liberation Serif, Times New Roman, Noto Serif CJK TC, serif";

void type_open(struct type *type, const struct paper_fonts *fonts, enum language language)
{
    cairo_font_options_t *options = cairo_font_options_create();

    type->script = fonts && fonts->script ? fonts->script : type_usual_script;
    type->latin = fonts && fonts->latin ? fonts->latin : type_usual_latin;
    /* Quotation marks and dashes are the language's own. */
    snprintf(type->first, sizeof type->first, "%s%s%s", language == LANGUAGE_ZH ? "" : type->latin,
             language == LANGUAGE_ZH ? "" : ", ", type->script);
    type->context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(type->context, options);
    pango_cairo_context_set_resolution(type->context, 72);
    pango_context_set_language(type->context, pango_language_from_string(language == LANGUAGE_ZH ? "zh-tw" : "en-gb"));
    pango_context_set_base_dir(type->context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(type->context, FALSE);
    cairo_font_options_destroy(options);
}

void type_close(struct type *type)
{
    if (type->context)
        g_object_unref(type->context);
    type->context = NULL;
}

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t start, size_t end)
{
    attribute->start_index = (guint)start;
    attribute->end_index = (guint)end;
    pango_attr_list_insert(list, attribute);
}

/* The length of the Latin letter or figure at `text`, 0 if it is none. The dash between two figures is one. */
static size_t latin_length(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;

    if (*byte >= ' ' && *byte <= '~')
        return 1;
    if (*byte >= 0xc3 && *byte <= 0xc9)
        return 2;
    return strncmp(text, "–", 3) == 0 ? 3 : 0;
}

static size_t character_length(const char *text)
{
    size_t length = 1;

    while (((unsigned char)text[length] & 0xc0) == 0x80)
        length++;
    return length;
}

/* Figures and Latin letters in their own family: those of a Chinese font are a typewriter's. */
static void add_latin(PangoAttrList *list, const struct type *type, const char *text)
{
    for (const char *at = text; *at;) {
        const char *start = at;

        for (size_t length; (length = latin_length(at)) > 0;)
            at += length;
        if (at > start)
            add_attribute(list, pango_attr_family_new(type->latin), (size_t)(start - text), (size_t)(at - text));
        else
            at += character_length(at);
    }
}

static PangoLayout *set_layout(const struct type *type, const char *text, PangoAttrList *list,
                               const struct type_look *look)
{
    static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                                PANGO_ALIGN_RIGHT};
    PangoLayout *layout = pango_layout_new(type->context);
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family(font, type->first);
    pango_font_description_set_absolute_size(font, look->size * PANGO_SCALE);
    pango_font_description_set_weight(font, look->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    add_latin(list, type, text);
    add_attribute(list, pango_attr_line_height_new_absolute((int)(look->size * look->line * PANGO_SCALE)), 0, INT_MAX);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_alignment(layout, alignments[look->align]);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (look->width > 0)
        pango_layout_set_width(layout, (int)(look->width * PANGO_SCALE));
    pango_layout_set_indent(layout, (int)(-look->indent * PANGO_SCALE));
    pango_layout_set_text(layout, text, -1);
    return layout;
}

PangoLayout *type_runs(const struct type *type, const struct paper_run *runs, size_t count,
                       const struct type_look *look)
{
    PangoAttrList *list = pango_attr_list_new();
    GString *text = g_string_new(NULL);
    PangoLayout *layout;

    for (size_t i = 0; i < count; i++) {
        size_t start = text->len;

        g_string_append(text, runs[i].text);
        if (runs[i].bold)
            add_attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), start, text->len);
    }
    layout = set_layout(type, text->str, list, look);
    g_string_free(text, TRUE);
    return layout;
}

PangoLayout *type_text(const struct type *type, const char *text, const struct type_look *look)
{
    return set_layout(type, text, pango_attr_list_new(), look);
}

double type_height(PangoLayout *layout)
{
    int height;

    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double type_width(PangoLayout *layout)
{
    int width;

    pango_layout_get_size(layout, &width, NULL);
    return (double)width / PANGO_SCALE;
}

int type_lines_within(PangoLayout *layout, int first, double height, double *ret_height)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    double used = 0;
    int line = 0, count = 0;

    do {
        PangoRectangle extents;

        pango_layout_iter_get_line_extents(iter, NULL, &extents);
        if (line++ < first)
            continue;
        if (used + (double)extents.height / PANGO_SCALE > height + 0.01)
            break;
        used += (double)extents.height / PANGO_SCALE;
        count++;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    *ret_height = used;
    return count;
}

void type_draw(cairo_t *cairo, PangoLayout *layout, double x, double y, int first, int count)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    int line = 0, top = 0;

    do {
        PangoRectangle extents;
        int baseline = pango_layout_iter_get_baseline(iter);

        pango_layout_iter_get_line_extents(iter, NULL, &extents);
        if (line == first)
            top = extents.y;
        if (line >= first && line < first + count) {
            cairo_move_to(cairo, x + (double)extents.x / PANGO_SCALE, y + (double)(baseline - top) / PANGO_SCALE);
            pango_cairo_show_layout_line(cairo, pango_layout_iter_get_line_readonly(iter));
        }
        line++;
    } while (line < first + count && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}
