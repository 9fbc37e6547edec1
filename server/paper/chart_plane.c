/* chart_plane.c: charts with two axes, and that of lines over years. */
#include <math.h>
#include <string.h>

#include "paper/chart_plane.h"

enum { LEFT_ROOM = 44 };

void plane_draw_steps_up(const struct plane *plane)
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

void plane_begin(struct plane *plane, const struct canvas *canvas, const struct paper_chart *chart, double right)
{
    *plane = (struct plane){.canvas = canvas,
                            .chart = chart,
                            .left = canvas->x + LEFT_ROOM,
                            .right = canvas->x + canvas->width - right,
                            .top = canvas->y + CHART_TOP + 4,
                            .bottom = canvas->y + canvas->height - CHART_BOTTOM};
}

void plane_say(const struct plane *plane, const char *text, double x, double y, enum paper_align at)
{
    cairo_t *cairo = plane->canvas->cairo;
    double width = chart_text_width(plane->canvas, text), left = x - (at == PAPER_END      ? width
                                                                      : at == PAPER_CENTRE ? width / 2
                                                                                           : 0);

    cairo_set_source_rgba(cairo, 1, 1, 1, 0.9);
    cairo_rectangle(cairo, left - 1, y - CHART_TYPE / 2, width + 2, CHART_TYPE);
    cairo_fill(cairo);
    use_ink(cairo, INK_BLACK);
    chart_say(plane->canvas, text, x, y, at);
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

static void draw_series_marks(const struct plane *plane, size_t index)
{
    const struct chart_series *series = &plane->chart->series[index];
    double value;

    for (size_t i = 0; i < series->point_count; i++) {
        if (!chart_number(series->points[i].value, &value))
            continue;
        use_ink(plane->canvas->cairo, series_ink(index));
        chart_mark(plane->canvas->cairo, (unsigned)index, place_across(plane, i), scale_place(&plane->up, value),
                   series->points[i].small);
    }
}

/* A figure of one year, and where its mark and the figure itself stand. */
struct figure {
    const char *text;
    double mark, place;
};

#define FIGURE_APART 9.5

/* The figures of one year from the top; how many are known. */
static size_t figures_of(const struct plane *plane, size_t year, struct figure figures[static PAPER_MOST_SERIES])
{
    const struct paper_chart *chart = plane->chart;
    size_t count = 0;

    for (size_t s = 0; s < chart->series_count; s++) {
        size_t at = count;
        double value;

        if (year >= chart->series[s].point_count || !chart_number(chart->series[s].points[year].value, &value))
            continue;
        value = scale_place(&plane->up, value);
        for (; at > 0 && figures[at - 1].mark > value; at--)
            figures[at] = figures[at - 1];
        figures[at] = (struct figure){
            shown_text(plane->canvas->arena, PAPER_NUMBER, chart->series[s].points[year].value), value, value};
        count++;
    }
    return count;
}

/* Moves figures apart that would lie on one another, in the middle of their marks and above the axis. */
static void part_figures(const struct plane *plane, struct figure *figures, size_t count)
{
    double moved = 0, lowest = plane->bottom - 6;

    for (size_t i = 1; i < count; i++)
        figures[i].place = fmax(figures[i].place, figures[i - 1].place + FIGURE_APART);
    for (size_t i = 0; i < count; i++)
        moved += (figures[i].place - figures[i].mark) / (double)count;
    if (count && figures[count - 1].place - moved > lowest)
        moved = figures[count - 1].place - lowest;
    for (size_t i = 0; i < count; i++)
        figures[i].place -= moved;
}

static void say_figures(const struct plane *plane, size_t year)
{
    struct figure figures[PAPER_MOST_SERIES];
    size_t count = figures_of(plane, year, figures);

    if (count == 1) {
        plane_say(plane, figures[0].text, place_across(plane, year), figures[0].mark - 10, PAPER_CENTRE);
        return;
    }
    part_figures(plane, figures, count);
    for (size_t i = 0; i < count; i++)
        plane_say(plane, figures[i].text, place_across(plane, year) + 7, figures[i].place, PAPER_START);
}

/* A step more where a mark would lie on the axis or under the legend. */
static void leave_room(struct scale *up, double bottom, double top)
{
    double range = up->high - up->low;

    if (bottom - up->low < range / 10 && up->low - up->step >= 0)
        up->low -= up->step;
    if (up->high - top < range / 20 && up->high + up->step <= 100)
        up->high += up->step;
}

static void widen_by_values(struct scale *up, const struct paper_chart *chart)
{
    double low = INFINITY, high = -INFINITY, value;

    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].point_count; i++)
            if (chart_number(chart->series[s].points[i].value, &value)) {
                low = fmin(low, value);
                high = fmax(high, value);
            }
    if (isfinite(low) && strcmp(chart->unit, "%") == 0)
        leave_room(up, low, high);
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
    plane_begin(&plane, canvas, chart, 20);
    for (size_t s = 0; s < chart->series_count; s++)
        most = chart->series[s].point_count > most ? chart->series[s].point_count : most;
    plane.top += 8; /* for the figure of a mark at the very top */
    plane.across = (struct scale){-0.4, (double)most - 0.6, 1, plane.left, plane.right};
    plane.up = value_scale(chart, false, plane.bottom, plane.top);
    widen_by_values(&plane.up, chart);
    draw_lines_legend(&plane);
    plane_draw_steps_up(&plane);
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
    for (size_t i = 0; i < most; i++)
        say_figures(&plane, i);
}
