/* press.c: pages: their size, what stands at their head and foot, and text that flows over them. */
#include "paper/press.h"

#define A4_SHORT 595.276
#define A4_LONG  841.890

static double page_width(const struct press *press)
{
    return press->landscape ? A4_LONG : A4_SHORT;
}

static double page_height(const struct press *press)
{
    return press->landscape ? A4_SHORT : A4_LONG;
}

double press_width(const struct press *press)
{
    return page_width(press) - 2 * PRESS_SIDE;
}

double press_height(const struct press *press)
{
    return page_height(press) - PRESS_TOP - PRESS_BOTTOM;
}

double press_left(const struct press *press)
{
    return page_height(press) - PRESS_BOTTOM - press->y;
}

void press_tag(struct press *press, const char *tag, const char *attributes)
{
    if (press->cairo)
        cairo_tag_begin(press->cairo, tag, attributes);
}

void press_untag(struct press *press, const char *tag)
{
    if (press->cairo)
        cairo_tag_end(press->cairo, tag);
}

double press_put(struct press *press, PangoLayout *layout, double x, double y)
{
    double height = type_height(layout);

    if (press->cairo)
        type_draw(press->cairo, layout, x, y, 0, pango_layout_get_line_count(layout));
    g_object_unref(layout);
    return height;
}

/* The title at the head, and that the figures are samples. */
static void draw_head(struct press *press)
{
    const struct paper_head *head = &press->paper->head;
    struct type_look look = {.size = PRESS_SMALL, .line = 1.3, .align = PAPER_START};
    PangoLayout *title = type_text(&press->type, head->title, &look);
    double y = PRESS_TOP - 28, width = press_width(press) * (head->sample ? 0.75 : 1);

    pango_layout_set_width(title, (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(title, PANGO_ELLIPSIZE_END);
    press_put(press, title, PRESS_SIDE, y);
    if (head->sample) {
        look.width = press_width(press);
        look.align = PAPER_END;
        press_put(press, type_text(&press->type, head->sample, &look), PRESS_SIDE, y);
    }
    cairo_set_line_width(press->cairo, 0.5);
    cairo_move_to(press->cairo, PRESS_SIDE, PRESS_TOP - 13);
    cairo_line_to(press->cairo, page_width(press) - PRESS_SIDE, PRESS_TOP - 13);
    cairo_stroke(press->cairo);
}

static void draw_foot(struct press *press)
{
    const char *words = page_words(press->arena, press->page, press->pages, press->language);
    struct type_look look = {.size = PRESS_SMALL, .line = 1.3, .width = press_width(press), .align = PAPER_CENTRE};

    press_put(press, type_text(&press->type, words ? words : "", &look), PRESS_SIDE,
              page_height(press) - PRESS_BOTTOM + 22);
}

void press_end_page(struct press *press)
{
    if (press->open && press->cairo) {
        if (!press->bare)
            draw_foot(press);
        cairo_show_page(press->cairo);
    }
    press->open = false;
}

void press_new_page(struct press *press, bool landscape, bool bare)
{
    press_end_page(press);
    press->open = true;
    press->landscape = landscape;
    press->bare = bare;
    press->page++;
    press->y = PRESS_TOP;
    if (!press->cairo)
        return;
    cairo_pdf_surface_set_size(press->surface, page_width(press), page_height(press));
    cairo_set_source_rgb(press->cairo, 0, 0, 0);
    if (!bare)
        draw_head(press);
}

void press_need(struct press *press, double height)
{
    double most = press_height(press);

    if (press->y > PRESS_TOP && press_left(press) < (height < most ? height : most))
        press_new_page(press, press->landscape, false);
}

/* How many of the lines from `first` on are to stand on this page: never one alone at its foot or on the next page's
 * head. */
static int lines_here(struct press *press, PangoLayout *layout, int first, double *ret_height)
{
    int rest = pango_layout_get_line_count(layout) - first;
    int fitting = type_lines_within(layout, first, press_left(press), ret_height);

    if (fitting < rest && press->y > PRESS_TOP && (fitting < 2 || rest == 3))
        fitting = fitting < 2 || rest == 3 ? 0 : fitting;
    else if (fitting < rest && rest - fitting < 2 && fitting > 2)
        fitting--;
    return fitting;
}

void press_flow(struct press *press, PangoLayout *layout, double x, const char *tag)
{
    int count = pango_layout_get_line_count(layout);

    for (int first = 0; first < count;) {
        double height;
        int here = lines_here(press, layout, first, &height);

        if (here == 0 && press->y > PRESS_TOP) {
            press_new_page(press, press->landscape, false);
            continue;
        }
        here = here ? here : 1; /* a line higher than a page: there is nothing better */
        press_tag(press, tag, NULL);
        if (press->cairo)
            type_draw(press->cairo, layout, x, press->y, first, here);
        press_untag(press, tag);
        press->y += height;
        first += here;
    }
    g_object_unref(layout);
}
