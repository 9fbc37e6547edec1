/* chart.c: what all charts share: scales, marks, legends, their words. */
#include "paper/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

const double chart_small_dash[2] = {2.4, 1.6};

double chart_height(const struct paper_chart *chart)
{
    enum { BAR_ROW = 19, INTERVAL_ROW = 17, LINES = 138, FUNNEL = 250, MOST = 600 };
    size_t count = chart->series_count ? chart->series[0].point_count : 0;
    double height = CHART_TOP + CHART_BOTTOM;

    switch (chart->kind) {
    case CHART_BARS: height += (double)count * BAR_ROW; break;
    case CHART_INTERVALS: height += (double)count * INTERVAL_ROW; break;
    case CHART_LINES: height += LINES; break;
    case CHART_FUNNEL: height += FUNNEL; break;
    }
    return height < MOST ? height : MOST;
}

void chart_draw(const struct canvas *canvas, const struct paper_chart *chart)
{
    static void (*const draw[])(const struct canvas *, const struct paper_chart *) = {draw_bars, draw_lines,
                                                                                      draw_intervals, draw_funnel};

    cairo_save(canvas->cairo);
    draw[chart->kind](canvas, chart);
    cairo_restore(canvas->cairo);
}

/* ---- numbers --------------------------------------------------------------------------------------------------------- */

bool chart_number(const char *text, double *ret_number)
{
    struct decimal exact;

    if (!text || !decimal_parse(text, &exact))
        return false;
    *ret_number = (double)exact.coefficient / pow(10, exact.scale);
    return true;
}

/* 1, 2 or 5 times a power of ten, so that about five steps fill the range. */
static double round_step(double range)
{
    double power, rest;

    if (!(range > 0))
        return 1;
    power = pow(10, floor(log10(range / 5)));
    rest = range / 5 / power;
    return power * (rest <= 1.001 ? 1 : rest <= 2.001 ? 2 : rest <= 5.001 ? 5 : 10);
}

struct scale round_scale(double low, double high, double start, double end)
{
    double step;

    if (!(high > low))
        high = low + 1;
    step = round_step(high - low);
    return (struct scale){floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step, start, end};
}

static void widen(double *low, double *high, const char *text)
{
    double number;

    if (chart_number(text, &number)) {
        *low = fmin(*low, number);
        *high = fmax(*high, number);
    }
}

struct scale value_scale(const struct paper_chart *chart, bool from_zero, double start, double end)
{
    double low = INFINITY, high = -INFINITY;
    struct scale scale;

    for (size_t s = 0; s < chart->series_count; s++) {
        for (size_t i = 0; i < chart->series[s].point_count; i++) {
            const struct chart_point *point = &chart->series[s].points[i];
            const char *const texts[] = {point->value, point->low, point->high, point->target};

            for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
                widen(&low, &high, texts[t]);
        }
    }
    if (!isfinite(low))
        low = high = 0;
    if (from_zero) {
        low = fmin(low, 0);
        high = fmax(high, 0);
    }
    bool within_hundred = strcmp(chart->unit, "%") == 0 && high <= 100;

    scale = round_scale(low, high, start, end);
    if (within_hundred && (scale.high > 100 || from_zero))
        scale.high = from_zero && high <= 60 ? scale.high : 100;
    return scale;
}

int scale_steps(const struct scale *scale)
{
    return (int)((scale->high - scale->low) / scale->step + 0.01);
}

double scale_place(const struct scale *scale, double number)
{
    double part = (number - scale->low) / (scale->high - scale->low);

    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return scale->start + part * (scale->end - scale->start);
}

/* ---- words ------------------------------------------------------------------------------------------------------------ */

static PangoLayout *lay(const struct canvas *canvas, const char *text)
{
    return type_text(canvas->type, text ? text : "",
                     &(struct type_look){.size = CHART_TYPE, .line = 1.2, .align = PAPER_START});
}

double chart_text_width(const struct canvas *canvas, const char *text)
{
    PangoLayout *layout = lay(canvas, text);
    double width = type_width(layout);

    g_object_unref(layout);
    return width;
}

double chart_say(const struct canvas *canvas, const char *text, double x, double y, enum paper_align at)
{
    PangoLayout *layout = lay(canvas, text);
    double width = type_width(layout);

    x -= at == PAPER_END ? width : at == PAPER_CENTRE ? width / 2 : 0;
    type_draw(canvas->cairo, layout, x, y - type_height(layout) / 2, 0, pango_layout_get_line_count(layout));
    g_object_unref(layout);
    return width;
}

void chart_say_step(const struct canvas *canvas, const struct scale *scale, double number, const char *unit, double x,
                    double y, enum paper_align at)
{
    int decimals = scale->step >= 1 ? 0 : (int)ceil(-log10(scale->step) - 1e-9);
    const char *text = arena_format(canvas->arena, "%.*f", decimals > 9 ? 9 : decimals, number + 0.0);

    text = text ? shown_text(canvas->arena, PAPER_NUMBER, text) : NULL;
    text = text ? arena_format(canvas->arena, "%s%s", text, strcmp(unit, "%") == 0 ? unit : "") : NULL;
    chart_say(canvas, text, x, y, at);
}

static void append_point(struct buffer *out, struct arena *arena, const struct paper_chart *chart,
                         const struct chart_point *point, enum language language)
{
    const char *value = point->value ? shown_text(arena, PAPER_NUMBER, point->value) : "—";

    buffer_append_format(out, "%s %s%s", point->label, value ? value : "", point->value ? chart->unit : "");
    if (point->low && point->high)
        buffer_append_format(out, language == LANGUAGE_ZH ? "（%s–%s）" : " (%s–%s)", point->low, point->high);
    if (*point->remark)
        buffer_append_format(out, " %s", point->remark);
}

const char *chart_words(struct arena *arena, const struct paper_chart *chart, enum language language)
{
    struct buffer out = BUFFER_WITH_LIMIT((size_t)1024 * 1024);
    const char *words = NULL;

    buffer_append_text(&out, chart->description);
    for (size_t s = 0; s < chart->series_count; s++) {
        buffer_append_format(&out, language == LANGUAGE_ZH ? "。%s：" : ". %s: ", chart->series[s].name);
        for (size_t i = 0; i < chart->series[s].point_count; i++) {
            if (i > 0)
                buffer_append_text(&out, language == LANGUAGE_ZH ? "；" : "; ");
            append_point(&out, arena, chart, &chart->series[s].points[i], language);
        }
    }
    if (out.failed)
        arena_note_shortage(arena);
    else
        words = arena_copy(arena, out.data, out.length);
    buffer_free(&out);
    return words;
}

/* ---- marks ------------------------------------------------------------------------------------------------------------ */

void use_ink(cairo_t *cairo, enum ink ink)
{
    static const double inks[][3] = {
        [INK_BLACK] = {0, 0, 0},
        [INK_GREY] = {0.38, 0.38, 0.38},
        [INK_FAINT] = {0.86, 0.86, 0.86},
        [INK_BLUE] = {0, 0.447, 0.698},
        [INK_VERMILION] = {0.835, 0.369, 0},
        [INK_GREEN] = {0, 0.62, 0.451},
        [INK_PURPLE] = {0.8, 0.475, 0.655},
        [INK_AMBER] = {0.902, 0.624, 0},
        [INK_SKY] = {0.85, 0.93, 0.98},
    };

    cairo_set_source_rgb(cairo, inks[ink][0], inks[ink][1], inks[ink][2]);
}

void chart_line(cairo_t *cairo, double x0, double y0, double x1, double y1)
{
    cairo_move_to(cairo, x0, y0);
    cairo_line_to(cairo, x1, y1);
    cairo_stroke(cairo);
}

void chart_hatch(cairo_t *cairo, double x, double y, double width, double height)
{
    enum { GAP = 4 };

    cairo_save(cairo);
    cairo_rectangle(cairo, x, y, width, height);
    cairo_clip(cairo);
    cairo_set_line_width(cairo, 0.9);
    for (int i = 0, count = (int)((width + height) / GAP) + 1; i < count; i++) {
        double at = x - height + i * GAP;

        cairo_move_to(cairo, at, y + height);
        cairo_line_to(cairo, at + height, y);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

/* A polygon of `corners`, the first at `turn` from the top. */
static void add_polygon(cairo_t *cairo, double x, double y, double radius, int corners, double turn)
{
    for (int i = 0; i < corners; i++) {
        double angle = turn + i * 2 * M_PI / corners - M_PI / 2;

        if (i == 0)
            cairo_move_to(cairo, x + radius * cos(angle), y + radius * sin(angle));
        else
            cairo_line_to(cairo, x + radius * cos(angle), y + radius * sin(angle));
    }
    cairo_close_path(cairo);
}

void chart_mark(cairo_t *cairo, unsigned shape, double x, double y, bool hollow)
{
    const double radius = 3.4;

    cairo_new_path(cairo);
    switch (shape % 6) {
    case 0: cairo_arc(cairo, x, y, radius, 0, 2 * M_PI); break;
    case 1: add_polygon(cairo, x, y, radius * 1.25, 4, M_PI / 4); break;
    case 2: add_polygon(cairo, x, y, radius * 1.3, 3, 0); break;
    case 3: add_polygon(cairo, x, y, radius * 1.3, 4, 0); break;
    case 4: add_polygon(cairo, x, y, radius * 1.3, 3, M_PI); break;
    default: add_polygon(cairo, x, y, radius * 1.2, 5, 0); break;
    }
    cairo_close_path(cairo);
    if (hollow) {
        cairo_pattern_t *ink = cairo_pattern_reference(cairo_get_source(cairo));

        cairo_set_source_rgb(cairo, 1, 1, 1);
        cairo_fill_preserve(cairo);
        cairo_set_source(cairo, ink);
        cairo_pattern_destroy(ink);
        cairo_set_line_width(cairo, 1.1);
        cairo_stroke(cairo);
    } else {
        cairo_fill(cairo);
    }
}

/* ---- legends ---------------------------------------------------------------------------------------------------------- */

static void draw_sample(cairo_t *cairo, enum sample sample, double x, double y)
{
    bool below = sample == SAMPLE_BELOW || sample == SAMPLE_BELOW_DOT;

    use_ink(cairo, below ? INK_VERMILION : INK_BLUE);
    cairo_set_line_width(cairo, 1);
    switch (sample) {
    case SAMPLE_TARGET:
        use_ink(cairo, INK_BLACK);
        cairo_set_dash(cairo, (double[]){4, 2}, 2, 0);
        chart_line(cairo, x, y, x + 18, y);
        cairo_set_dash(cairo, NULL, 0, 0);
        return;
    case SAMPLE_DOT:
    case SAMPLE_SMALL_DOT:
    case SAMPLE_BELOW_DOT: chart_mark(cairo, below ? 3 : 0, x + 9, y, sample == SAMPLE_SMALL_DOT); return;
    case SAMPLE_SMALL_BAR: cairo_set_dash(cairo, chart_small_dash, 2, 0); break;
    default: break;
    }
    cairo_rectangle(cairo, x, y - 4, 18, 8);
    if (sample == SAMPLE_MET)
        cairo_fill(cairo);
    else
        cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
    if (below)
        chart_hatch(cairo, x, y - 4, 18, 8);
}

void chart_legend(const struct canvas *canvas, enum sample sample, const char *words, double *x, double y)
{
    draw_sample(canvas->cairo, sample, *x, y);
    use_ink(canvas->cairo, INK_BLACK);
    *x += 22 + chart_say(canvas, words, *x + 22, y, PAPER_START) + 16;
}

bool chart_has_small(const struct paper_chart *chart)
{
    for (size_t s = 0; s < chart->series_count && chart->small_name; s++)
        for (size_t i = 0; i < chart->series[s].point_count; i++)
            if (chart->series[s].points[i].small)
                return true;
    return false;
}

bool chart_has_standing(const struct paper_chart *chart, enum chart_standing standing)
{
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].point_count; i++)
            if (chart->series[s].points[i].standing == standing)
                return true;
    return false;
}

bool chart_has_target(const struct paper_chart *chart)
{
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].point_count; i++)
            if (chart->series[s].points[i].target)
                return true;
    return false;
}
