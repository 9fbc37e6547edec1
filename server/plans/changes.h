/* changes.h: what an amended plan changes. */
#ifndef TRIBUTARY_PLANS_CHANGES_H
#define TRIBUTARY_PLANS_CHANGES_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* Prints a line for each difference, with its path: "+ path value", "- path value", "~ path before -> after". Members of
 * a list are paired by their code (or office, or date). Returns the number of differences. */
size_t print_plan_changes(FILE *out, const json_t *before, const json_t *after);

#endif
