/* open_data.h: on which terms a plan's figures are given to the public: who publishes them, under which licence, from
 * which moment on, and how small a count of persons may be. */
#ifndef TRIBUTARY_PLAN_OPEN_DATA_H
#define TRIBUTARY_PLAN_OPEN_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

struct open_data_terms {
    struct name title, description, publisher, contact, update_frequency;
    const char *licence, *licence_url;
    struct name licence_name;
    const char *basis;  /* "latest" or "official" */
    int smallest;       /* a count of persons from 1 to one less is not shown; at least 2 */
    int year_offset;    /* the day after which the figures of a year are published: so many years later */
    int month, day;     /* and the last day of it in the plan's time zone */
    const char **units; /* which units count persons */
    size_t unit_count;
    const struct form **forms; /* whose figures are published */
    size_t form_count;
    struct name *notes; /* on quality, each a sentence or more */
    size_t note_count;
};

/* Whether an element counts persons in the sense of the terms, so that a small value of it identifies someone. */
bool open_data_counts_persons(const struct open_data_terms *terms, const struct element *element);

/* The moment at which the figures of a ROC year are published: the end of the day that the terms name, in Taiwan's time
 * zone (UTC+8, without summer time). */
timestamp open_data_moment(const struct open_data_terms *terms, int year);

#endif
