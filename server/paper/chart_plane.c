/* chart_plane.c: charts with two axes: lines over years, and the funnel that compares units of different size fairly. */
#include <math.h>

#include "paper/chart.h"

enum { LEFT_ROOM = 44 };

/* The plane between the axes. */
struct plane {
    const struct canvas *canvas;
    const struct paper_chart *chart;
    struct scale across, up;
    double left, right, top, bottom;
};

static void draw_steps_up(const struct plane *plane)
{
    const struct scale *up = &plane->up;
    cairo_t *cairo = plane->canvas->cairo;

    cairo_set_line_width(cairo, 0.6);
    for (int i = 0; i <= scale_steps(up); i++) {
        double at = up->low + i * up->step, y = scale_place(up, at);

        use_ink(cairo, INK_FAINT);
        chart_line(cairo, plane->left, y, plane->right, y);
        use_ink(cairo, INK_GREY);
        chart_say_step(plane->canvas, up, at, plane->chart->unit, plane->left - 5, y, PAPER_END);
    }
    use_ink(cairo, INK_GREY);
    cairo_set_line_width(cairo, 0.8);
    chart_line(cairo, plane->left, plane->bottom, plane->right, plane->bottom);
}

static void begin_plane(struct plane *plane, const struct canvas *canvas, const struct paper_chart *chart, double right)
{
    *plane = (struct plane){.canvas = canvas,
                            .chart = chart,
                            .left = canvas->x + LEFT_ROOM,
                            .right = canvas->x + canvas->width - right,
                            .top = canvas->y + CHART_TOP + 4,
                            .bottom = canvas->y + canvas->height - CHART_BOTTOM};
}

/* ---- lines over years ---------------------------------------------------------------------------------------------------- */

static enum ink series_ink(size_t series)
{
    static const enum ink inks[] = {INK_BLUE, INK_VERMILION, INK_GREEN, INK_PURPLE, INK_AMBER, INK_BLACK};

    return inks[series % (sizeof inks / sizeof *inks)];
}

static void use_dash(cairo_t *cairo, size_t series)
{
    static const double dashes[4][4] = {{1, 0, 1, 0}, {7, 2, 7, 2}, {2, 2, 2, 2}, {7, 2, 2, 2}};

    cairo_set_dash(cairo, dashes[series % 4], series % 4 == 0 ? 0 : 4, 0);
}

static double place_across(const struct plane *plane, size_t point)
{
    return scale_place(&plane->across, (double)point);
}

/* A line through the points that are known; it breaks where one isn't. */
static void trace(const struct plane *plane, const struct chart_series *series, bool targets)
{
    cairo_t *cairo = plane->canvas->cairo;
    bool drawing = false;

    for (size_t i = 0; i < series->point_count; i++) {
        double value;
        bool known = chart_number(targets ? series->points[i].target : series->points[i].value, &value);

        if (known && drawing)
            cairo_line_to(cairo, place_across(plane, i), scale_place(&plane->up, value));
        else if (known)
            cairo_move_to(cairo, place_across(plane, i), scale_place(&plane->up, value));
        drawing = known;
    }
    cairo_stroke(cairo);
}

/* Where a figure stands beside its mark: the highest of a year above, the lowest below, others to the right. */
static void say_figure(const struct plane *plane, size_t series, size_t i, double x, double y)
{
    const struct paper_chart *chart = plane->chart;
    const struct canvas *canvas = plane->canvas;
    const char *text = shown_text(canvas->arena, PAPER_NUMBER, chart->series[series].points[i].value);
    bool above = false, below = false;

    for (size_t s = 0; s < chart->series_count; s++) {
        double other;

        if (s == series || i >= chart->series[s].point_count || !chart_number(chart->series[s].points[i].value, &other))
            continue;
        other = scale_place(&plane->up, other);
        above = above || other < y || (other <= y && s < series);
        below = below || other > y || (other >= y && s > series);
    }
    if (above && below)
        chart_say(canvas, text, x + 7, y + 4, PAPER_START);
    else
        chart_say(canvas, text, x, above ? y + 10 : y - 10, PAPER_CENTRE);
}

static void draw_series_marks(const struct plane *plane, size_t index)
{
    const struct chart_series *series = &plane->chart->series[index];
    cairo_t *cairo = plane->canvas->cairo;

    for (size_t i = 0; i < series->point_count; i++) {
        double value, y;

        if (!chart_number(series->points[i].value, &value))
            continue;
        y = scale_place(&plane->up, value);
        use_ink(cairo, series_ink(index));
        chart_mark(cairo, (unsigned)index, place_across(plane, i), y, series->points[i].small);
        use_ink(cairo, INK_BLACK);
        say_figure(plane, index, i, place_across(plane, i), y);
    }
}

static void draw_lines_legend(const struct plane *plane)
{
    const struct canvas *canvas = plane->canvas;
    double x = canvas->x, y = canvas->y + 9;

    for (size_t s = 0; s < plane->chart->series_count; s++) {
        use_ink(canvas->cairo, series_ink(s));
        cairo_set_line_width(canvas->cairo, 1.6);
        use_dash(canvas->cairo, s);
        chart_line(canvas->cairo, x, y, x + 26, y);
        cairo_set_dash(canvas->cairo, NULL, 0, 0);
        chart_mark(canvas->cairo, (unsigned)s, x + 13, y, false);
        use_ink(canvas->cairo, INK_BLACK);
        x += 30 + chart_say(canvas, plane->chart->series[s].name, x + 30, y, PAPER_START) + 16;
    }
    if (chart_has_target(plane->chart))
        chart_legend(canvas, SAMPLE_TARGET, plane->chart->target_name, &x, y);
}

static void draw_years(const struct plane *plane, const struct chart_series *series)
{
    use_ink(plane->canvas->cairo, INK_BLACK);
    for (size_t i = 0; i < series->point_count; i++)
        chart_say(plane->canvas, series->points[i].label, place_across(plane, i), plane->bottom + 11, PAPER_CENTRE);
}

void draw_lines(const struct canvas *canvas, const struct paper_chart *chart)
{
    struct plane plane;
    size_t most = 0;

    if (chart->series_count == 0 || chart->series[0].point_count == 0)
        return;
    begin_plane(&plane, canvas, chart, 20);
    for (size_t s = 0; s < chart->series_count; s++)
        most = chart->series[s].point_count > most ? chart->series[s].point_count : most;
    plane.across = (struct scale){-0.4, (double)most - 0.6, 1, plane.left, plane.right};
    plane.up = value_scale(chart, false, plane.bottom, plane.top);
    draw_lines_legend(&plane);
    draw_steps_up(&plane);
    draw_years(&plane, &chart->series[0]);
    use_ink(canvas->cairo, INK_BLACK);
    cairo_set_line_width(canvas->cairo, 1.2);
    cairo_set_dash(canvas->cairo, (double[]){4, 2}, 2, 0);
    trace(&plane, &chart->series[0], true);
    for (size_t s = 0; s < chart->series_count; s++) {
        use_ink(canvas->cairo, series_ink(s));
        cairo_set_line_width(canvas->cairo, 1.6);
        use_dash(canvas->cairo, s);
        trace(&plane, &chart->series[s], false);
        cairo_set_dash(canvas->cairo, NULL, 0, 0);
    }
    for (size_t s = 0; s < chart->series_count; s++)
        draw_series_marks(&plane, s);
}

/* ---- the funnel ------------------------------------------------------------------------------------------------------------ */

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

/* Labels that would lie on one another are moved apart, the next one below. Each move is downwards by more than rounding can
 * take back, so that it ends. */
#define LABEL_NEAR  10.5
#define LABEL_APART 11.0

static void draw_funnel_points(const struct plane *plane)
{
    const struct chart_series *series = &plane->chart->series[0];
    const struct canvas *canvas = plane->canvas;
    double taken_x[PAPER_MOST_POINTS], taken_y[PAPER_MOST_POINTS];
    size_t taken = 0;

    for (size_t i = 0; i < series->point_count; i++) {
        const struct chart_point *point = &series->points[i];
        double size, value, x, y, label_y;

        if (!chart_number(point->size, &size) || !chart_number(point->value, &value))
            continue;
        x = scale_place(&plane->across, size);
        y = label_y = scale_place(&plane->up, value);
        for (size_t t = 0; t < taken; t++)
            if (fabs(taken_x[t] - x) < 50 && fabs(taken_y[t] - label_y) < LABEL_NEAR) {
                label_y = taken_y[t] + LABEL_APART;
                t = (size_t)-1; /* look again: the new place may be taken too */
            }
        taken_x[taken] = x;
        taken_y[taken++] = label_y;
        use_ink(canvas->cairo, point->standing == STANDING_BELOW ? INK_VERMILION : INK_BLUE);
        chart_mark(canvas->cairo, point->standing == STANDING_BELOW ? 3 : 0, x, y, point->small);
        use_ink(canvas->cairo, INK_BLACK);
        chart_say(canvas, point->label, x + 7 > plane->right - 40 ? x - 7 : x + 7, label_y,
                  x + 7 > plane->right - 40 ? PAPER_END : PAPER_START);
    }
}

void draw_funnel(const struct canvas *canvas, const struct paper_chart *chart)
{
    struct plane plane;
    double x = canvas->x, y = canvas->y + 9, target;

    if (chart->series_count == 0 || chart->series[0].point_count == 0)
        return;
    begin_plane(&plane, canvas, chart, 14);
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
    draw_steps_up(&plane);
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
