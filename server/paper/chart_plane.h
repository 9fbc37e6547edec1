/* chart_plane.h: what charts with two axes share. Private to paper/. */
#ifndef TRIBUTARY_PAPER_CHART_PLANE_H
#define TRIBUTARY_PAPER_CHART_PLANE_H

#include "paper/chart.h"

/* The plane between the axes. */
struct plane {
    const struct canvas *canvas;
    const struct paper_chart *chart;
    struct scale across, up;
    double left, right, top, bottom;
};

/* A plane with so much room at its right. */
void plane_begin(struct plane *plane, const struct canvas *canvas, const struct paper_chart *chart, double right);

/* The steps of the upward scale, with their lines, and the axis. */
void plane_draw_steps_up(const struct plane *plane);

/* A text on paper of its own, so that it can be read across lines; as chart_say(). */
void plane_say(const struct plane *plane, const char *text, double x, double y, enum paper_align at);

#endif
