/* chart_funnel.c: the funnel, which compares units of different size fairly: each between the limits that chance alone could
 * reach. */
#include <math.h>
#include <string.h>

#include "paper/chart_plane.h"

static void widen(double *low, double *high, const char *text)
{
    double number;

    if (chart_number(text, &number)) {
        *low = fmin(*low, number);
        *high = fmax(*high, number);
    }
}

static void set_funnel_scales(struct plane *plane)
{
    const struct paper_chart *chart = plane->chart;
    const struct chart_series *series = &chart->series[0];
    double most_size = 0, ignored = 0, low = INFINITY, high = -INFINITY;

    for (size_t i = 0; i < series->point_count + chart->limit_count; i++) {
        const struct chart_point *point =
            i < series->point_count ? &series->points[i] : &chart->limits[i - series->point_count];

        widen(&ignored, &most_size, point->size);
        widen(&low, &high, point->value);
        widen(&low, &high, point->target);
        widen(&low, &high, point->low);
        widen(&low, &high, point->high);
    }
    if (!isfinite(low))
        low = high = 0;
    plane->across = round_scale(0, most_size, plane->left, plane->right);
    plane->up = round_scale(low, high, plane->bottom, plane->top);
}

/* The room between the limits of chance, then its middle. */
static void draw_limits(const struct plane *plane)
{
    const struct paper_chart *chart = plane->chart;
    cairo_t *cairo = plane->canvas->cairo;
    double size, number;

    cairo_new_path(cairo);
    for (size_t i = 0; i < chart->limit_count; i++)
        if (chart_number(chart->limits[i].size, &size) && chart_number(chart->limits[i].high, &number))
            cairo_line_to(cairo, scale_place(&plane->across, size), scale_place(&plane->up, number));
    for (size_t i = chart->limit_count; i-- > 0;)
        if (chart_number(chart->limits[i].size, &size) && chart_number(chart->limits[i].low, &number))
            cairo_line_to(cairo, scale_place(&plane->across, size), scale_place(&plane->up, number));
    cairo_close_path(cairo);
    use_ink(cairo, INK_SKY);
    cairo_fill_preserve(cairo);
    use_ink(cairo, INK_GREY);
    cairo_set_line_width(cairo, 0.6);
    cairo_stroke(cairo);
    if (chart->limit_count && chart_number(chart->limits[0].value, &number)) {
        cairo_set_dash(cairo, (double[]){1.5, 2}, 2, 0);
        chart_line(cairo, plane->left, scale_place(&plane->up, number), plane->right, scale_place(&plane->up, number));
        cairo_set_dash(cairo, NULL, 0, 0);
    }
}

static void draw_steps_across(const struct plane *plane)
{
    const struct scale *across = &plane->across;

    use_ink(plane->canvas->cairo, INK_GREY);
    for (int i = 0; i <= scale_steps(across); i++) {
        double at = across->low + i * across->step;

        chart_say_step(plane->canvas, across, at, "", scale_place(across, at), plane->bottom + 9, PAPER_CENTRE);
    }
    use_ink(plane->canvas->cairo, INK_BLACK);
    chart_say(plane->canvas, plane->chart->size_name, plane->right, plane->bottom + 20, PAPER_END);
}

/* ---- labels ------------------------------------------------------------------------------------------------------- */

struct box {
    double left, top, right, bottom;
};

/* The marks, and the labels that were placed; where a label costs something. */
struct labels {
    const struct plane *plane;
    struct box taken[2 * PAPER_MOST_POINTS]; /* the marks first */
    size_t mark_count, count;
    double lines[2]; /* the target and the middle */
    size_t line_count;
    size_t common; /* how many bytes all labels end with: "區公所" */
};

static struct box box_around(double x, double y, double width, double height)
{
    return (struct box){x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

static bool overlap(const struct box *one, const struct box *other)
{
    return one->left < other->right && other->left < one->right && one->top < other->bottom && other->top < one->bottom;
}

/* What all names end with, from where a word or a Chinese character begins; none is left without a name. */
static size_t common_end(const struct chart_series *series)
{
    const char *first = series->points[0].label;
    size_t common = strlen(first), length;

    for (size_t i = 1; i < series->point_count; i++) {
        const char *other = series->points[i].label;
        size_t same = 0;

        length = strlen(other);
        while (same < common && same < length && other[length - same - 1] == first[strlen(first) - same - 1])
            same++;
        common = same == length ? 0 : same;
    }
    length = strlen(first);
    while (common && (common == length || ((unsigned char)first[length - common] & 0xc0) == 0x80 ||
                      ((unsigned char)first[length - common] < 0x80 && first[length - common] != ' ')))
        common--;
    return series->point_count > 1 ? common : 0;
}

/* How bad a place is: labels never lie on one another if it can be helped, seldom on marks, rather not on lines. */
static double cost_of(const struct labels *labels, const struct box *box, double away)
{
    const struct plane *plane = labels->plane;
    double cost = away;

    if (box->left < plane->left || box->right > plane->right + 14 || box->top < plane->top - 4 ||
        box->bottom > plane->bottom)
        cost += 5000;
    for (size_t i = 0; i < labels->count; i++)
        if (overlap(box, &labels->taken[i]))
            cost += i < labels->mark_count ? 150 : 1000;
    for (size_t i = 0; i < labels->line_count; i++)
        if (labels->lines[i] > box->top + 1 && labels->lines[i] < box->bottom - 1)
            cost += 25;
    return cost;
}

/* The best of eight directions, near the mark or farther away. */
static struct box place_label(const struct labels *labels, double x, double y, double width)
{
    static const double ways[][2] = {{1, 0}, {-1, 0}, {0.7, -1}, {0.7, 1}, {-0.7, -1}, {-0.7, 1}, {0, -1}, {0, 1}};
    struct box best = {0};
    double least = INFINITY;

    for (int away = 8; away < 100; away += away < 20 ? 5 : 9)
        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
            struct box box = box_around(x + ways[w][0] * (away + width / 2), y + ways[w][1] * (away + 1), width, 10);
            double cost = cost_of(labels, &box, away + (double)w / 10);

            if (cost < least) {
                least = cost;
                best = box;
            }
        }
    return best;
}

/* A line from the mark to a label that stands away from it. */
static void lead_to(const struct plane *plane, double x, double y, const struct box *box)
{
    double to_x = fmin(fmax(x, box->left), box->right), to_y = fmin(fmax(y, box->top), box->bottom);

    if (hypot(to_x - x, to_y - y) < 9)
        return;
    use_ink(plane->canvas->cairo, INK_GREY);
    cairo_set_line_width(plane->canvas->cairo, 0.5);
    chart_line(plane->canvas->cairo, x, y, to_x, to_y);
}

static bool point_place(const struct plane *plane, const struct chart_point *point, double *ret_x, double *ret_y)
{
    double size, value;

    if (!chart_number(point->size, &size) || !chart_number(point->value, &value))
        return false;
    *ret_x = scale_place(&plane->across, size);
    *ret_y = scale_place(&plane->up, value);
    return true;
}

static void note_line(struct labels *labels, const char *text)
{
    double value;

    if (chart_number(text, &value))
        labels->lines[labels->line_count++] = scale_place(&labels->plane->up, value);
}

static struct labels labels_begin(const struct plane *plane, const struct chart_series *series)
{
    struct labels labels = {.plane = plane, .common = common_end(series)};
    double x, y;

    for (size_t i = 0; i < series->point_count; i++)
        if (point_place(plane, &series->points[i], &x, &y))
            labels.taken[labels.count++] = box_around(x, y, 9, 9);
    labels.mark_count = labels.count;
    note_line(&labels, series->points[0].target);
    if (plane->chart->limit_count)
        note_line(&labels, plane->chart->limits[0].value);
    return labels;
}

static void label_point(struct labels *labels, const struct chart_point *point, double x, double y)
{
    const struct plane *plane = labels->plane;
    const char *name =
        arena_format(plane->canvas->arena, "%.*s", (int)(strlen(point->label) - labels->common), point->label);
    struct box box;

    if (!name)
        return;
    box = place_label(labels, x, y, chart_text_width(plane->canvas, name) + 4);
    labels->taken[labels->count++] = box;
    lead_to(plane, x, y, &box);
    plane_say(plane, name, (box.left + box.right) / 2, (box.top + box.bottom) / 2, PAPER_CENTRE);
}

static void draw_funnel_points(const struct plane *plane)
{
    const struct chart_series *series = &plane->chart->series[0];
    cairo_t *cairo = plane->canvas->cairo;
    struct labels labels = labels_begin(plane, series);
    double x, y;

    for (size_t i = 0; i < series->point_count; i++)
        if (point_place(plane, &series->points[i], &x, &y))
            label_point(&labels, &series->points[i], x, y);
    for (size_t i = 0; i < series->point_count; i++) {
        const struct chart_point *point = &series->points[i];

        if (!point_place(plane, point, &x, &y))
            continue;
        use_ink(cairo, point->standing == STANDING_BELOW ? INK_VERMILION : INK_BLUE);
        chart_mark(cairo, point->standing == STANDING_BELOW ? 3 : 0, x, y, point->small);
    }
}

void draw_funnel(const struct canvas *canvas, const struct paper_chart *chart)
{
    struct plane plane;
    double x = canvas->x, y = canvas->y + 9, target;

    if (chart->series_count == 0 || chart->series[0].point_count == 0)
        return;
    plane_begin(&plane, canvas, chart, 14);
    plane.bottom -= 6;
    set_funnel_scales(&plane);
    if (chart_has_standing(chart, STANDING_MET))
        chart_legend(canvas, SAMPLE_DOT, paper_word(WORD_MET, canvas->language), &x, y);
    if (chart_has_standing(chart, STANDING_BELOW))
        chart_legend(canvas, SAMPLE_BELOW_DOT, paper_word(WORD_BELOW, canvas->language), &x, y);
    if (chart_has_small(chart))
        chart_legend(canvas, SAMPLE_SMALL_DOT, chart->small_name, &x, y);
    if (chart_has_target(chart))
        chart_legend(canvas, SAMPLE_TARGET, chart->target_name, &x, y);
    draw_limits(&plane);
    plane_draw_steps_up(&plane);
    draw_steps_across(&plane);
    if (chart_number(chart->series[0].points[0].target, &target)) {
        use_ink(canvas->cairo, INK_BLACK);
        cairo_set_line_width(canvas->cairo, 1.2);
        cairo_set_dash(canvas->cairo, (double[]){4, 2}, 2, 0);
        chart_line(canvas->cairo, plane.left, scale_place(&plane.up, target), plane.right,
                   scale_place(&plane.up, target));
        cairo_set_dash(canvas->cairo, NULL, 0, 0);
    }
    draw_funnel_points(&plane);
}
