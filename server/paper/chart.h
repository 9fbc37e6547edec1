/* chart.h: charts drawn with Cairo, onto a page or into a picture. Told apart by shape and hatching before colour. Private
 * to paper/. Lengths are in points, y runs downwards. */
#ifndef TRIBUTARY_PAPER_CHART_H
#define TRIBUTARY_PAPER_CHART_H

#include "paper/type.h"
#include "paper/wording.h"

/* Where a chart is drawn, and with what. */
struct canvas {
    cairo_t *cairo;
    const struct type *type;
    struct arena *arena;
    enum language language;
    double x, y, width, height;
};

/* A scale: numbers from low to high over places from start to end. */
struct scale {
    double low, high, step, start, end;
};

/* Colours that all kinds of sight tell apart (Okabe and Ito). */
enum ink { INK_BLACK, INK_GREY, INK_FAINT, INK_BLUE, INK_VERMILION, INK_GREEN, INK_PURPLE, INK_AMBER, INK_SKY };

/* How high a chart is to be drawn. */
double chart_height(const struct paper_chart *chart);

void chart_draw(const struct canvas *canvas, const struct paper_chart *chart);

/* What it shows in words: its description, then every figure. NULL without memory. */
const char *chart_words(struct arena *arena, const struct paper_chart *chart, enum language language);

/* ---- what the kinds of charts share ---------------------------------------------------------------------------------- */

void draw_bars(const struct canvas *canvas, const struct paper_chart *chart);
void draw_intervals(const struct canvas *canvas, const struct paper_chart *chart);
void draw_lines(const struct canvas *canvas, const struct paper_chart *chart);
void draw_funnel(const struct canvas *canvas, const struct paper_chart *chart);

/* False if the text is NULL or no decimal. For drawing only: no figure is computed with it. */
bool chart_number(const char *text, double *ret_number);

/* A scale of round steps that holds the chart's values, intervals and targets, and zero if it `from_zero`; percent ends
 * at 100 if the values do. */
struct scale value_scale(const struct paper_chart *chart, bool from_zero, double start, double end);
struct scale round_scale(double low, double high, double start, double end);
double scale_place(const struct scale *scale, double number);
/* How many steps there are from the lowest number. */
int scale_steps(const struct scale *scale);

/* A text whose middle line is at y; `at` says which part of it is at x. The width it takes is returned. */
double chart_say(const struct canvas *canvas, const char *text, double x, double y, enum paper_align at);
double chart_text_width(const struct canvas *canvas, const char *text);
/* The number at a step of a scale. */
void chart_say_step(const struct canvas *canvas, const struct scale *scale, double number, const char *unit, double x,
                    double y, enum paper_align at);

void use_ink(cairo_t *cairo, enum ink ink);
void chart_line(cairo_t *cairo, double x0, double y0, double x1, double y1);
/* How the bars of small units are outlined. */
extern const double chart_small_dash[2];

/* Slanting lines over a rectangle. */
void chart_hatch(cairo_t *cairo, double x, double y, double width, double height);
/* A mark: circle, square, triangle, diamond, … by number; hollow or filled with the ink in use. */
void chart_mark(cairo_t *cairo, unsigned shape, double x, double y, bool hollow);

/* The legend's beginning: draws a sample of a mark with its words, moves *x behind it. */
enum sample {
    SAMPLE_MET,
    SAMPLE_BELOW,
    SAMPLE_SMALL_BAR,
    SAMPLE_TARGET,
    SAMPLE_DOT,
    SAMPLE_SMALL_DOT,
    SAMPLE_BELOW_DOT
};
void chart_legend(const struct canvas *canvas, enum sample sample, const char *words, double *x, double y);
bool chart_has_small(const struct paper_chart *chart);
bool chart_has_standing(const struct paper_chart *chart, enum chart_standing standing);
bool chart_has_target(const struct paper_chart *chart);

enum { CHART_TOP = 24, CHART_BOTTOM = 24 };
#define CHART_TYPE 9.0

#endif
