/* headings.h: which item a heading means, and how much of a row could be headings. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_HEADINGS_H
#define TRIBUTARY_SHEET_HEADINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

/* The index of the item that a heading or a label names by its code or name, with or without its unit in brackets
 * ("時數（小時）" is "時數"); SIZE_MAX if there is none or if it could be several. A unit that isn't the item's own, such as
 * thousands of NT$, makes it another thing. */
size_t heading_find(const struct item *items, size_t count, const char *text);

#endif
